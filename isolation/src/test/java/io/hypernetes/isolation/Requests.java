package io.hypernetes.isolation;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import org.awaitility.Awaitility;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Acme's way to a client certificate: asked for, approved by itself, signed by the server. */
final class Requests {
    private static final String RESOURCE =
            "/apis/certificates.k8s.io/v1/certificatesigningrequests";

    private Requests() {}

    /** Connections with the certificate; empty when there was none. */
    static Optional<Wire> certified(Installation it, String name, String subject) {
        return certified(it, name, subject, "kubernetes.io/kube-apiserver-client");
    }

    /** The same of another signer. */
    static Optional<Wire> certified(Installation it, String name, String subject, String signer) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(256);
            KeyPair keys = generator.generateKeyPair();
            Answer made = it.send(it.boss, "POST", RESOURCE, request(name, subject, signer, keys));
            if (made.status() != 201) {
                return Optional.empty();
            }
            String status =
                    "{\"status\":{\"conditions\":[{\"type\":\"Approved\",\"status\":\"True\",\"reason\":\"Me\"}]}}";
            it.patch(it.boss, RESOURCE + "/" + name + "/approval", "merge-patch+json", status);
            String certificate = verdict(it, name).path("certificate").asString("");
            return certificate.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Wire(context(it, keys, certificate), it.wire().port()));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ObjectNode verdict(Installation it, String name) {
        ObjectKey key = new ObjectKey(Installation.ACME, "", name);
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                it.client()
                                        .get(BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS, key)
                                        .withObject("status"),
                        status ->
                                status.has("certificate")
                                        || status.toString().contains("Failed")
                                        || !status.toString().contains("Approved"));
    }

    private static String request(String name, String subject, String signer, KeyPair keys)
            throws OperatorCreationException, IOException {
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
        ObjectNode object = Json.object();
        object.put("apiVersion", "certificates.k8s.io/v1").put("kind", "CertificateSigningRequest");
        object.putObject("metadata").put("name", name);
        ObjectNode spec = object.putObject("spec");
        spec.put("signerName", signer);
        ArrayNode usages = spec.putArray("usages").add("digital signature");
        usages.add(signer.endsWith("serving") ? "server auth" : "client auth");
        spec.put(
                "request",
                Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)));
        return Json.text(object);
    }

    private static SSLContext context(Installation it, KeyPair keys, String certificate)
            throws GeneralSecurityException, IOException {
        Certificate signed =
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(
                                new ByteArrayInputStream(Base64.getDecoder().decode(certificate)));
        KeyStore own = KeyStore.getInstance("PKCS12");
        own.load(null, null);
        own.setKeyEntry("own", keys.getPrivate(), new char[0], new Certificate[] {signed});
        KeyManagerFactory managers =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(own, new char[0]);
        TrustManagerFactory trusted =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(it.authority().trustStore());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }
}
