package io.hypernetes.identity.pki;

import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.Extensions;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

import java.io.IOException;
import java.io.StringReader;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.ArrayList;
import java.util.List;

/**
 * What a PKCS#10 request (RFC 2986) asks for; makes new ones, too.
 *
 * @param hosts names and addresses of the subject alternative name
 */
public record SigningRequest(
        String commonName, List<String> organizations, List<String> hosts, PublicKey key) {

    /**
     * @param pem of a {@code CERTIFICATE REQUEST}
     * @throws PkiException when it is none
     */
    public static SigningRequest parse(String pem) {
        try (PEMParser parser = new PEMParser(new StringReader(pem))) {
            if (!(parser.readObject() instanceof PKCS10CertificationRequest request)) {
                throw new PkiException("this is no certificate request");
            }
            X500Name subject = request.getSubject();
            List<String> names = texts(subject, BCStyle.CN);
            return new SigningRequest(
                    names.isEmpty() ? "" : names.getFirst(),
                    texts(subject, BCStyle.O),
                    hosts(request.getRequestedExtensions()),
                    new JcaPKCS10CertificationRequest(request).getPublicKey());
        } catch (IOException | GeneralSecurityException | RuntimeException e) {
            throw new PkiException("the certificate request cannot be read", e);
        }
    }

    /**
     * A new key, and a request for a certificate of it.
     *
     * @param request as PEM
     * @param key as PEM, a secret
     */
    public record Fresh(String request, String key) {
        @Override
        public String toString() {
            return "Fresh[" + request + "]";
        }
    }

    /** Makes a key on P-256 and asks for this name with it. */
    public static Fresh make(String commonName, List<String> organizations, List<String> hosts) {
        KeyPair keys = EllipticKeys.generate();
        try {
            var builder =
                    new JcaPKCS10CertificationRequestBuilder(
                            CertificateBuilder.subject(commonName, organizations),
                            keys.getPublic());
            if (!hosts.isEmpty()) {
                GeneralName[] names =
                        hosts.stream()
                                .map(host -> new GeneralName(GeneralName.dNSName, host))
                                .toArray(GeneralName[]::new);
                ExtensionsGenerator extensions = new ExtensionsGenerator();
                extensions.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names));
                builder.addAttribute(
                        PKCSObjectIdentifiers.pkcs_9_at_extensionRequest, extensions.generate());
            }
            PKCS10CertificationRequest request =
                    builder.build(
                            new JcaContentSignerBuilder("SHA256withECDSA")
                                    .build(keys.getPrivate()));
            return new Fresh(
                    Pem.block("CERTIFICATE REQUEST", request.getEncoded()),
                    Pem.of(keys.getPrivate()));
        } catch (IOException | OperatorCreationException e) {
            throw new PkiException("a certificate request cannot be made", e);
        }
    }

    private static List<String> texts(X500Name subject, ASN1ObjectIdentifier type) {
        List<String> texts = new ArrayList<>();
        for (RDN part : subject.getRDNs(type)) {
            texts.add(IETFUtils.valueToString(part.getFirst().getValue()));
        }
        return texts;
    }

    private static List<String> hosts(Extensions extensions) {
        List<String> hosts = new ArrayList<>();
        if (extensions != null) {
            GeneralNames names =
                    GeneralNames.fromExtensions(extensions, Extension.subjectAlternativeName);
            if (names != null) {
                for (GeneralName name : names.getNames()) {
                    hosts.add(host(name));
                }
            }
        }
        return hosts;
    }

    private static String host(GeneralName name) {
        return switch (name.getTagNo()) {
            case GeneralName.dNSName -> IETFUtils.valueToString(name.getName());
            case GeneralName.iPAddress -> address(name);
            default ->
                    throw new PkiException("only DNS names and addresses are signed, not " + name);
        };
    }

    private static String address(GeneralName name) {
        try {
            byte[] bytes =
                    org.bouncycastle.asn1.ASN1OctetString.getInstance(name.getName()).getOctets();
            return java.net.InetAddress.getByAddress(bytes).getHostAddress();
        } catch (java.net.UnknownHostException e) {
            throw new PkiException("not an address: " + name, e);
        }
    }
}
