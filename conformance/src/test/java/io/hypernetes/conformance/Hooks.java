package io.hypernetes.conformance;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;

import io.hypernetes.api.json.Json;
import io.hypernetes.identity.pki.CertificateAuthority;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** The webhooks that upstream's tests run in a pod: they say yes, no, nothing, or change things. */
final class Hooks implements AutoCloseable {
    static final String MAPS =
            "{operations: [CREATE, UPDATE, DELETE], apiGroups: [''], apiVersions: [v1], resources:"
                    + " [configmaps]}";
    static final String PODS =
            "{operations: [CREATE, UPDATE], apiGroups: [''], apiVersions: [v1], resources: [pods]}";
    static final String UNWANTED = "mark: webhook-e2e-test";

    private final CertificateAuthority authority = CertificateAuthority.inMemory(Clock.systemUTC());
    private final HttpsServer server;

    Hooks() {
        try {
            server =
                    HttpsServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setHttpsConfigurator(new HttpsConfigurator(context()));
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        review("/allow", _ -> allowed());
        review("/deny", Hooks::denied);
        review("/deny-marked", r -> isMarked(r) ? denied(r) : allowed());
        review("/slow", r -> slowly(r, 3_000));
        review("/add-first", _ -> patched("/data/mutation-stage-1", "yes"));
        review(
                "/add-second",
                r -> hasFirst(r) ? patched("/data/mutation-stage-2", "yes") : allowed());
        review("/add-container", Hooks::withInitContainer);
        convert();
        server.start();
    }

    private SSLContext context() {
        try {
            char[] password = {};
            KeyManagerFactory keys =
                    KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(
                    authority.keyStore(authority.serverCertificate(List.of("127.0.0.1")), password),
                    password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private void answer(String path, UnaryOperator<ObjectNode> answer) {
        server.createContext(
                path,
                exchange -> {
                    ObjectNode asked = Json.parseObject(exchange.getRequestBody().readAllBytes());
                    byte[] bytes = Json.write(answer.apply(asked));
                    exchange.getResponseHeaders().add("Content-Type", "application/json");
                    exchange.sendResponseHeaders(200, bytes.length);
                    exchange.getResponseBody().write(bytes);
                    exchange.close();
                });
    }

    private void review(String path, UnaryOperator<ObjectNode> response) {
        answer(
                path,
                review -> {
                    ObjectNode request = (ObjectNode) review.path("request");
                    ObjectNode answer = response.apply(request);
                    answer.set("uid", request.path("uid"));
                    ObjectNode whole = Json.object();
                    whole.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
                    whole.set("response", answer);
                    return whole;
                });
    }

    private static ObjectNode allowed() {
        return Json.object().put("allowed", true);
    }

    private static ObjectNode denied(ObjectNode request) {
        ObjectNode answer = Json.object().put("allowed", false);
        answer.putObject("status")
                .put(
                        "message",
                        "the " + request.path("kind").path("kind").asString() + " is unwanted");
        return answer;
    }

    /** Of a deletion the old object is looked at. */
    private static boolean isMarked(ObjectNode request) {
        JsonNode object = request.path(request.path("object").isNull() ? "oldObject" : "object");
        return object.toString().contains("webhook-e2e-test");
    }

    private static boolean hasFirst(ObjectNode request) {
        return request.path("object").path("data").has("mutation-stage-1");
    }

    private static ObjectNode slowly(ObjectNode request, long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return allowed().put("asked", request.path("uid").asString());
    }

    private static ObjectNode patched(String path, String value) {
        ArrayNode patch = Json.object().putArray("patch");
        patch.addObject().put("op", "add").put("path", path).put("value", value);
        return patched(patch);
    }

    private static ObjectNode patched(ArrayNode patch) {
        byte[] text = patch.toString().getBytes(StandardCharsets.UTF_8);
        return allowed()
                .put("patchType", "JSONPatch")
                .put("patch", Base64.getEncoder().encodeToString(text));
    }

    private static ObjectNode withInitContainer(ObjectNode request) {
        ArrayNode patch = Json.object().putArray("patch");
        patch.addObject()
                .put("op", "add")
                .put("path", "/spec/initContainers")
                .putArray("value")
                .addObject()
                .put("name", "webhook-added-init-container")
                .put("image", "webhook-added-image");
        return patched(patch).put("seen", request.path("name").asString(""));
    }

    /** As upstream's converter does: v1 has hostPort, v2 has host and port. */
    private void convert() {
        answer(
                "/convert",
                review -> {
                    ObjectNode request = (ObjectNode) review.path("request");
                    String wanted = request.path("desiredAPIVersion").asString();
                    ObjectNode whole = Json.object();
                    whole.put("apiVersion", "apiextensions.k8s.io/v1")
                            .put("kind", "ConversionReview");
                    ObjectNode response = whole.putObject("response");
                    response.set("uid", request.path("uid"));
                    response.putObject("result").put("status", "Success");
                    for (JsonNode object : request.path("objects")) {
                        response.withArrayProperty("convertedObjects")
                                .add(converted((ObjectNode) object.deepCopy(), wanted));
                    }
                    return whole;
                });
    }

    private static ObjectNode converted(ObjectNode object, String wanted) {
        object.put("apiVersion", wanted);
        if (wanted.endsWith("/v2") && object.has("hostPort")) {
            String[] parts = object.remove("hostPort").asString().split(":");
            object.put("host", parts[0]).put("port", parts[1]);
        } else if (wanted.endsWith("/v1") && object.has("host")) {
            object.put(
                    "hostPort",
                    object.remove("host").asString() + ":" + object.remove("port").asString());
        }
        return object;
    }

    /** A {@code clientConfig} or the {@code webhook} of a conversion, as YAML in one line. */
    String client(String path) {
        String bundle =
                Base64.getEncoder()
                        .encodeToString(
                                authority.certificatePem().getBytes(StandardCharsets.UTF_8));
        return "{url: 'https://127.0.0.1:%d%s', caBundle: %s}"
                .formatted(server.getAddress().getPort(), path, bundle);
    }

    static Objects configurations(Space space, String kind) {
        return space.cluster(
                "admissionregistration.k8s.io/v1",
                kind.toLowerCase(java.util.Locale.ROOT) + "webhookconfigurations");
    }

    String hook(Space space, String name, String path, String rule, String more) {
        return """
        {name: %s.k8s.io, sideEffects: None, admissionReviewVersions: [v1], rules: [%s],
         clientConfig: %s, namespaceSelector: {matchLabels: {space: %s}} %s}
        """
                .formatted(name, rule, client(path), space.namespace(), more);
    }

    /**
     * @param kind Validating or Mutating
     * @return its name
     */
    String register(Space space, String kind, String... hooks) {
        String name = Space.unique("e2e-test-webhook");
        configurations(space, kind)
                .create(
                        """
                        apiVersion: admissionregistration.k8s.io/v1
                        kind: %sWebhookConfiguration
                        metadata: {name: %s, labels: {e2e-list-test: %s}}
                        webhooks: [%s]
                        """
                                .formatted(
                                        kind, name, space.namespace(), String.join(", ", hooks)));
        return name;
    }

    static String map(String name, String data) {
        return "{apiVersion: v1, kind: ConfigMap, metadata: {name: %s}, data: {%s}}"
                .formatted(name, data);
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
