package io.hypernetes.identity.pki;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.UserInfo;

import org.bouncycastle.asn1.x500.X500Name;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.ECPublicKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The installation's own authority: made at first start, it signs the server's certificate and the
 * certificates of operators, nodes and tenants. Kept in a folder, or in memory alone.
 *
 * <p>Files of the folder, readable by their owner alone: {@code ca.key}, {@code ca.crt}, {@code
 * server.key}, {@code server.crt}, {@code operator.key}, {@code operator.crt}, {@code token.key}.
 */
public final class CertificateAuthority {

    /** An organization of this form is a tenant, not a group. */
    public static final String TENANT_ORGANIZATION = "tenant:";

    public static final String NODE_USER = "system:node:";
    public static final String NODES_GROUP = "system:nodes";

    /** The common name of the API server towards nodes, as kubeadm has it. */
    public static final String KUBELET_CLIENT = "kube-apiserver-kubelet-client";

    /** Begins the files of the authority of networks. */
    public static final String NETWORK = "network";

    /** The front proxy's common name. */
    public static final String FRONT_PROXY = "front-proxy-client";

    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    private static final Duration LEAF_LIFE = Duration.ofDays(365);
    private static final Duration RENEW_BEFORE = Duration.ofDays(30);

    /** Also how the service {@code kubernetes} is called in every world. */
    private static final List<String> ALWAYS =
            List.of(
                    "localhost",
                    "127.0.0.1",
                    "::1",
                    "kubernetes",
                    "kubernetes.default",
                    "kubernetes.default.svc",
                    "kubernetes.default.svc.cluster.local");

    private final PemShelf shelf;
    private final Clock clock;
    private final CertificateBuilder builder;
    private final KeyedCertificate authority;

    private CertificateAuthority(
            PemShelf shelf, Clock clock, CertificateBuilder builder, KeyedCertificate authority) {
        this.shelf = shelf;
        this.clock = clock;
        this.builder = builder;
        this.authority = authority;
    }

    /** The authority in {@code folder}, made when there is none yet. */
    public static CertificateAuthority open(Path folder, Clock clock) {
        return over(new PemFolder(folder), clock);
    }

    /** A new authority without files, forgotten when the program ends. */
    public static CertificateAuthority inMemory(Clock clock) {
        return over(new PemShelf.InMemory(), clock);
    }

    private static CertificateAuthority over(PemShelf shelf, Clock clock) {
        CertificateBuilder builder = new CertificateBuilder(clock);
        return new CertificateAuthority(
                shelf, clock, builder, authority(shelf, builder, "ca", "hypernetes-ca"));
    }

    /**
     * The authority of {@link #frontProxy} and of nothing else, so that no client's certificate is
     * ever taken for the front proxy's.
     */
    public CertificateAuthority frontProxyAuthority() {
        return new CertificateAuthority(
                shelf,
                clock,
                builder,
                authority(shelf, builder, "front-proxy-ca", "hypernetes-front-proxy-ca"));
    }

    /** The client that extension servers believe about who asks; of a front-proxy authority. */
    public KeyedCertificate frontProxy() {
        return kept(
                "front-proxy-client",
                _ -> true,
                keys ->
                        builder.client(
                                authority,
                                CertificateBuilder.subject(FRONT_PROXY, List.of()),
                                keys,
                                LEAF_LIFE));
    }

    /**
     * The authority of machines towards the databases of networks, and of nothing else: who has a
     * certificate of it changes all networks.
     */
    public CertificateAuthority networkAuthority() {
        return new CertificateAuthority(
                shelf,
                clock,
                builder,
                authority(shelf, builder, NETWORK + "-ca", "hypernetes-network-ca"));
    }

    /**
     * The server of those databases, kept as {@code network.key} and {@code network.crt}; of a
     * network authority.
     */
    public KeyedCertificate networkServer(String host) {
        return kept(
                NETWORK,
                certificate -> names(certificate).equals(canonical(Set.of(host))),
                keys ->
                        builder.server(
                                authority,
                                CertificateBuilder.subject("hypernetes-network", List.of()),
                                keys,
                                List.of(host),
                                LEAF_LIFE));
    }

    /** As whom the API server comes to nodes. */
    public KeyedCertificate kubeletClient() {
        return kept(
                "kubelet-client",
                _ -> true,
                keys ->
                        builder.client(
                                authority,
                                CertificateBuilder.subject(
                                        KUBELET_CLIENT, List.of(UserInfo.MASTERS)),
                                keys,
                                LEAF_LIFE));
    }

    /** Clients trust this one. */
    public X509Certificate certificate() {
        return authority.certificate();
    }

    public String certificatePem() {
        return authority.certificatePem();
    }

    /** The key that signs tokens, made when there is none yet. */
    public SigningKey tokenKey() {
        return SigningKey.on(shelf, "token.key");
    }

    /**
     * The server's certificate: the one on disk unless it ends within 30 days or lacks a name.
     *
     * @param moreHosts names and addresses beside localhost, this machine's name and {@code
     *     kubernetes.default.svc}
     */
    public KeyedCertificate serverCertificate(Collection<String> moreHosts) {
        Set<String> hosts = new LinkedHashSet<>(ALWAYS);
        hosts.addAll(ownNames());
        hosts.addAll(moreHosts);
        return kept(
                "server",
                certificate -> names(certificate).equals(canonical(hosts)),
                keys ->
                        builder.server(
                                authority,
                                CertificateBuilder.subject("hypernetes", List.of()),
                                keys,
                                hosts,
                                LEAF_LIFE));
    }

    /** For the person who runs the installation: may do anything in any tenant. */
    public KeyedCertificate operator() {
        return kept(
                "operator",
                _ -> true,
                keys ->
                        builder.client(
                                authority,
                                CertificateBuilder.subject("operator", List.of(UserInfo.MASTERS)),
                                keys,
                                LEAF_LIFE));
    }

    /** The name of a node's own server in its certificate, which no other server has. */
    public static String nodeHost(String node) {
        return node + ".nodes.hypernetes.io";
    }

    public KeyedCertificate node(String name) {
        return client(NODE_USER + name, List.of(NODES_GROUP));
    }

    /** For one user in one tenant. */
    public KeyedCertificate tenant(Tenant tenant, String user) {
        return client(user, List.of(TENANT_ORGANIZATION + tenant.name()));
    }

    /**
     * Signs a key for a client. Who may be who is the caller's to decide: the subject is what it
     * says, not what a request asked for.
     *
     * @return the certificate as PEM
     */
    public String signClient(
            String user, List<String> organizations, PublicKey key, Duration life) {
        X500Name name = CertificateBuilder.subject(user, organizations);
        return Pem.of(builder.client(authority, name, key, bounded(life)));
    }

    /**
     * Signs a key for a server of these names and addresses.
     *
     * @return the certificate as PEM
     */
    public String signServer(
            String user,
            List<String> organizations,
            PublicKey key,
            List<String> hosts,
            Duration life) {
        X500Name name = CertificateBuilder.subject(user, organizations);
        return Pem.of(builder.server(authority, name, key, hosts, bounded(life)));
    }

    private static Duration bounded(Duration life) {
        return life.compareTo(LEAF_LIFE) > 0 ? LEAF_LIFE : life;
    }

    /** The server's key and chain as TLS libraries take them. */
    public KeyStore keyStore(KeyedCertificate server, char[] password) {
        return store(store ->
                store.setKeyEntry(
                        "server",
                        server.key(),
                        password,
                        new X509Certificate[] {server.certificate(), certificate()}));
    }

    /** The authority as the only one trusted. */
    public KeyStore trustStore() {
        return store(store -> store.setCertificateEntry("ca", certificate()));
    }

    private KeyedCertificate client(String user, List<String> organizations) {
        KeyPair keys = EllipticKeys.generate();
        X500Name name = CertificateBuilder.subject(user, organizations);
        return new KeyedCertificate(
                builder.client(authority, name, keys.getPublic(), LEAF_LIFE), keys.getPrivate());
    }

    /** The key is written first: a crash between the two files leaves a key that nobody knows. */
    private static KeyedCertificate authority(
            PemShelf shelf, CertificateBuilder builder, String file, String name) {
        String certificateFile = file + ".crt";
        String keyFile = file + ".key";
        if (shelf.has(certificateFile)) {
            return new KeyedCertificate(shelf.certificate(certificateFile), shelf.key(keyFile));
        }
        if (!shelf.has(keyFile)) {
            shelf.put(keyFile, EllipticKeys.generate().getPrivate());
        }
        PrivateKey key = shelf.key(keyFile);
        X509Certificate certificate =
                builder.authority(
                        CertificateBuilder.subject(name, List.of()),
                        EllipticKeys.publicKey((ECPrivateKey) key),
                        key,
                        AUTHORITY_LIFE);
        shelf.put(certificateFile, certificate);
        return new KeyedCertificate(certificate, key);
    }

    /** The certificate on disk, or a new one when that is about to end or no longer fits. */
    private KeyedCertificate kept(
            String file, Fit fit, Function<PublicKey, X509Certificate> issue) {
        String keyFile = file + ".key";
        String certificateFile = file + ".crt";
        if (shelf.has(keyFile) && shelf.has(certificateFile)) {
            KeyedCertificate stored =
                    new KeyedCertificate(shelf.certificate(certificateFile), shelf.key(keyFile));
            if (isGood(stored, fit)) {
                return stored;
            }
        }
        KeyPair keys = EllipticKeys.generate();
        X509Certificate certificate = issue.apply(keys.getPublic());
        shelf.put(keyFile, keys.getPrivate());
        shelf.put(certificateFile, certificate);
        return new KeyedCertificate(certificate, keys.getPrivate());
    }

    @FunctionalInterface
    private interface Fit {
        boolean fits(X509Certificate certificate) throws GeneralSecurityException;
    }

    private boolean isGood(KeyedCertificate stored, Fit fit) {
        X509Certificate certificate = stored.certificate();
        if (certificate.getNotAfter().toInstant().isBefore(clock.instant().plus(RENEW_BEFORE))) {
            return false;
        }
        try {
            // To verify the signature would take a tenth of a start, and tell no more: who can
            // write
            // this folder has the authority's key.
            return CertificateBuilder.namesKeyOf(authority.certificate(), certificate)
                    && fit.fits(certificate)
                    && isPair(stored.key(), certificate.getPublicKey());
        } catch (GeneralSecurityException _) {
            return false; // of another authority: a new one is made
        }
    }

    /** A crash between the two files leaves a key and a certificate that do not belong together. */
    private static boolean isPair(PrivateKey key, PublicKey certified) {
        return key instanceof ECPrivateKey ours
                && certified instanceof ECPublicKey theirs
                && EllipticKeys.publicKey(ours).getW().equals(theirs.getW());
    }

    private static Set<String> names(X509Certificate certificate)
            throws CertificateParsingException {
        Set<String> names = new TreeSet<>();
        Collection<List<?>> entries = certificate.getSubjectAlternativeNames();
        if (entries != null) {
            entries.forEach(entry -> names.add(String.valueOf(entry.get(1))));
        }
        return canonical(names);
    }

    /** IPv6 addresses have many spellings. */
    private static Set<String> canonical(Set<String> hosts) {
        Set<String> canonical = new TreeSet<>();
        for (String host : hosts) {
            canonical.add(host.contains(":") ? InetAddress.ofLiteral(host).toString() : host);
        }
        return canonical;
    }

    private static List<String> ownNames() {
        try {
            String name = InetAddress.getLocalHost().getHostName();
            return name.isEmpty() ? List.of() : List.of(name);
        } catch (UnknownHostException _) {
            return List.of(); // a machine without a name is reached as localhost
        }
    }

    @FunctionalInterface
    private interface Filling {
        void fill(KeyStore store) throws GeneralSecurityException;
    }

    private static KeyStore store(Filling filling) {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            filling.fill(store);
            return store;
        } catch (GeneralSecurityException | IOException e) {
            throw new PkiException("a key store cannot be made", e);
        }
    }
}
