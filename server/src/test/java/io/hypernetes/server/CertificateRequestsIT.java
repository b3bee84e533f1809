package io.hypernetes.server;

import static io.hypernetes.server.TestServer.ALICE;
import static io.hypernetes.server.TestServer.BOB;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERBMPString;
import org.bouncycastle.asn1.DERPrintableString;
import org.bouncycastle.asn1.DERUTF8String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;

/** Who asks for a certificate is the server's word, not the client's. */
class CertificateRequestsIT {
    private static final String REQUESTS =
            "/apis/certificates.k8s.io/v1/certificatesigningrequests";

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static final String MASTERS = "system:masters";

    private static ObjectNode claiming(String name) {
        ObjectNode request =
                new Specimens().of(BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS, name, "x");
        ObjectNode spec = (ObjectNode) request.get("spec");
        spec.put("username", "system:admin").put("uid", "0");
        spec.putArray("groups").add("system:masters");
        spec.putObject("extra").putArray("scopes").add("all");
        ObjectNode approved = request.putObject("status").putArray("conditions").addObject();
        approved.put("type", "Approved").put("status", "True");
        return request;
    }

    private static ObjectNode answered(HttpResponse<String> response, int status) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return Json.parseObject(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private static void isAskedBy(String user, JsonNode request) {
        JsonNode spec = request.path("spec");
        assertThat(spec.path("username").asString()).isEqualTo(user);
        assertThat(spec.path("groups")).hasToString("[\"system:authenticated\"]");
        assertThat(spec.has("uid")).isFalse();
        assertThat(spec.has("extra")).isFalse();
        assertThat(request.at("/status/conditions")).isEmpty();
    }

    @Test
    void aClientCannotClaimToBeSomebodyElse() {
        String body = claiming("posted").toString();
        isAskedBy("alice", answered(server.send(ALICE, "POST", REQUESTS, body), 201));
        isAskedBy("bob", answered(server.send(BOB, "POST", REQUESTS, body), 201));
        isAskedBy("alice", answered(server.get(ALICE, REQUESTS + "/posted"), 200));
    }

    @Test
    void norByApplyingTheRequest() {
        String path = REQUESTS + "/applied?fieldManager=me&force=true";
        String apply = "application/apply-patch+yaml";
        String body = claiming("applied").toString();
        isAskedBy("alice", answered(server.send(ALICE, "PATCH", path, body, apply), 201));
        // What is there already keeps who made it, whoever changes it.
        answered(server.send("mallory:acme", "PATCH", path, body, apply), 200);
        isAskedBy("alice", answered(server.get(ALICE, REQUESTS + "/applied"), 200));
    }

    @Test
    void norByChangingOne() {
        ObjectNode request = claiming("changed");
        ObjectNode made = answered(server.send(ALICE, "POST", REQUESTS, request.toString()), 201);
        made.set("spec", request.get("spec"));
        String path = REQUESTS + "/changed";
        answered(server.send(ALICE, "PUT", path, made.toString()), 200);
        isAskedBy("alice", answered(server.get(ALICE, path), 200));
    }

    /** However the name of the group is written, and whatever stands around the request. */
    @Test
    void nobodyAsksForACertificateOfMasters() throws Exception {
        for (ASN1Encodable text :
                List.of(
                        new DERUTF8String(MASTERS),
                        new DERPrintableString(MASTERS),
                        new DERBMPString(MASTERS))) {
            String pem = pem(BCStyle.O, text);
            assertThat(asked(pem)).isEqualTo(403);
            assertThat(asked("a\n" + pem)).isEqualTo(403);
            assertThat(asked(pem.replaceFirst("\n", "\nA: b\n\n"))).isEqualTo(403);
        }
        assertThat(asked(pem(BCStyle.CN, new DERUTF8String(MASTERS)))).isEqualTo(201);
    }

    private static int asked(String pem) {
        ObjectNode request =
                new Specimens().of(BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS, "x", "x");
        request.putObject("metadata").put("generateName", "asked-");
        byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
        ((ObjectNode) request.get("spec"))
                .put("signerName", "kubernetes.io/kube-apiserver-client")
                .put("request", Base64.getEncoder().encodeToString(bytes));
        return server.send(ALICE, "POST", REQUESTS, request.toString()).statusCode();
    }

    private static String pem(ASN1ObjectIdentifier part, ASN1Encodable text) throws Exception {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(256);
        KeyPair keys = generator.generateKeyPair();
        X500Name subject = new X500NameBuilder().addRDN(part, text).build();
        byte[] der =
                new JcaPKCS10CertificationRequestBuilder(subject, keys.getPublic())
                        .build(
                                new JcaContentSignerBuilder("SHA256withECDSA")
                                        .build(keys.getPrivate()))
                        .getEncoded();
        return "-----BEGIN CERTIFICATE REQUEST-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END CERTIFICATE REQUEST-----\n";
    }
}
