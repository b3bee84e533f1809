package io.hypernetes.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.identity.certificate.CertificateAuthenticator;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.memoryclient.MemoryClient;

import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

final class CertificateControllerTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final String CLIENT = "kubernetes.io/kube-apiserver-client";

    private final MemoryClient client = new MemoryClient();

    @TempDir private Path folder;

    private ObjectNode decided(Tenant tenant, String name, String subject, String signer)
            throws Exception {
        ObjectNode request = request(name, subject, signer);
        request.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "Approved")
                .put("status", "True")
                .put("lastUpdateTime", Clock.systemUTC().instant().toString());
        client.create(BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS, tenant, request);
        return awaitDecision(new ObjectKey(tenant, "", name));
    }

    private static ObjectNode request(String name, String subject, String signer) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair keys = generator.generateKeyPair();
        byte[] der =
                new JcaPKCS10CertificationRequestBuilder(new X500Name(subject), keys.getPublic())
                        .build(
                                new JcaContentSignerBuilder("SHA256withECDSA")
                                        .build(keys.getPrivate()))
                        .getEncoded();
        String pem =
                "-----BEGIN CERTIFICATE REQUEST-----\n"
                        + Base64.getMimeEncoder().encodeToString(der)
                        + "\n-----END CERTIFICATE REQUEST-----\n";
        ObjectNode request = Json.object();
        request.putObject("metadata").put("name", name);
        ObjectNode spec = request.putObject("spec").put("signerName", signer);
        spec.put(
                "request",
                Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)));
        spec.putArray("usages").add("client auth");
        return request;
    }

    private ObjectNode awaitDecision(ObjectKey key) {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> {
                    ObjectNode now = client.get(BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS, key);
                    return now.path("status").has("certificate")
                            || now.path("status").path("conditions").size() > 1;
                });
        return client.get(BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS, key);
    }

    private static Identity identity(CertificateAuthority authority, ObjectNode request)
            throws Exception {
        byte[] pem =
                Base64.getDecoder().decode(request.path("status").path("certificate").asString());
        X509Certificate certificate =
                (X509Certificate)
                        CertificateFactory.getInstance("X.509")
                                .generateCertificate(new ByteArrayInputStream(pem));
        return new CertificateAuthenticator(authority.certificate(), Clock.systemUTC())
                .authenticate(new Credentials(Optional.empty(), Optional.of(certificate)))
                .orElseThrow();
    }

    private static String failure(ObjectNode request) {
        assertThat(request.path("status").has("certificate")).isFalse();
        return request.path("status").path("conditions").path(1).path("message").asString();
    }

    @Test
    void aCertificateIsGoodForTheTenantInWhoseWorldItWasSigned() throws Exception {
        CertificateAuthority authority = CertificateAuthority.open(folder, Clock.systemUTC());
        try (CertificateController controller =
                new CertificateController(client, authority, Clock.systemUTC())) {
            controller.start();
            Identity eve = identity(authority, decided(ACME, "eve", "CN=eve,O=devs", CLIENT));
            assertThat(eve.tenants()).containsExactly(ACME);
            assertThat(eve.user().name()).isEqualTo("eve");
            assertThat(eve.user().groups()).contains("devs");
            assertThat(eve.operator()).isFalse();

            Identity op = identity(authority, decided(Tenant.SYSTEM, "op", "CN=op,O=ops", CLIENT));
            assertThat(op.tenants()).containsExactly(Tenant.SYSTEM);
            assertThat(op.operator()).isFalse();
        }
    }

    @Test
    void nobodyGetsMoreThanTheirWorldHas() throws Exception {
        CertificateAuthority authority = CertificateAuthority.open(folder, Clock.systemUTC());
        try (CertificateController controller =
                new CertificateController(client, authority, Clock.systemUTC())) {
            controller.start();
            assertThat(failure(decided(ACME, "a", "CN=x,O=tenant:globex", CLIENT)))
                    .contains("tenant:globex");
            assertThat(failure(decided(ACME, "b", "CN=x,O=system:masters", CLIENT)))
                    .contains("system:masters");
            assertThat(failure(decided(ACME, "c", "CN=system:admin", CLIENT)))
                    .contains("cannot be system:admin");
            assertThat(
                            failure(
                                    decided(
                                            ACME,
                                            "d",
                                            "CN=system:node:n,O=system:nodes",
                                            CLIENT + "-kubelet")))
                    .contains("in a tenant's world only");
            assertThat(failure(decided(Tenant.SYSTEM, "e", "CN=x,O=system:masters", CLIENT)))
                    .contains("system:masters is never signed");
            assertThat(failure(decided(Tenant.SYSTEM, "f", "CN=x,O=tenant:acme", CLIENT)))
                    .contains("tenant's own world");
        }
    }

    private ObjectNode asked(String name, String user, String group) throws Exception {
        ObjectNode request = request(name, "CN=system:node:n1,O=system:nodes", CLIENT + "-kubelet");
        ObjectNode spec = (ObjectNode) request.get("spec");
        spec.put("username", user).putArray("groups").add(group);
        spec.withArray("usages").add("digital signature");
        return request;
    }

    @Test
    void aNodeRenewsItsOwnCertificateAndABootstrapperGetsItsFirst() throws Exception {
        CertificateAuthority authority = CertificateAuthority.open(folder, Clock.systemUTC());
        try (CertificateController controller =
                new CertificateController(client, authority, Clock.systemUTC())) {
            controller.start();
            client.create(
                    BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS,
                    Tenant.SYSTEM,
                    asked("other", "system:node:n2", "system:nodes"));
            client.create(
                    BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS,
                    ACME,
                    asked("tenant", "system:node:n1", "system:nodes"));
            client.create(
                    BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS,
                    Tenant.SYSTEM,
                    asked("own", "system:node:n1", "system:nodes"));
            client.create(
                    BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS,
                    Tenant.SYSTEM,
                    asked("first", "system:bootstrap:abcdef", "system:bootstrappers"));
            for (String name : new String[] {"own", "first"}) {
                ObjectNode decided = awaitDecision(new ObjectKey(Tenant.SYSTEM, "", name));
                assertThat(identity(authority, decided).user().name()).isEqualTo("system:node:n1");
            }
            assertThat(undecided(new ObjectKey(Tenant.SYSTEM, "", "other"))).isTrue();
            assertThat(undecided(new ObjectKey(ACME, "", "tenant"))).isTrue();
        }
    }

    private boolean undecided(ObjectKey key) {
        return client.get(BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS, key)
                .path("status")
                .path("conditions")
                .isEmpty();
    }
}
