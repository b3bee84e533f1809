package io.hypernetes.httpclient;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.ObjectList;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.client.Watch;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The API of another process. The tenant of a call is named by the path prefix {@code
 * /tenants/NAME}, so the credentials must be good for it.
 */
public final class RemoteClient implements Client, AutoCloseable {

    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofSeconds(60);
    private static final String MERGE = "application/merge-patch+json";
    private static final String STRATEGIC = "application/strategic-merge-patch+json";
    private static final String JSON_PATCH = "application/json-patch+json";

    /** The annotation that tells, in lists over all tenants, whose an object is. */
    private static final String TENANT = "hypernetes.io/tenant";

    private final HttpClient http;
    private final String server;
    private final boolean tenants;
    private final Optional<String> authorization;

    public RemoteClient(Kubeconfig config) {
        this(config, true);
    }

    /** Of a Kubernetes that knows no tenants: all of it is the one world {@code system}. */
    public static RemoteClient ofOneWorld(Kubeconfig config) {
        return new RemoteClient(config, false);
    }

    private RemoteClient(Kubeconfig config, boolean tenants) {
        this.tenants = tenants;
        this.http =
                HttpClient.newBuilder()
                        .sslContext(Tls.context(config))
                        .connectTimeout(CONNECT)
                        .build();
        String url = config.server().replaceAll("/$", "");
        this.server = tenants ? url.replaceAll("/tenants/[^/]+$", "") : url;
        this.authorization = authorization(config.proof());
    }

    private static Optional<String> authorization(Kubeconfig.Proof proof) {
        return switch (proof) {
            case Kubeconfig.Proof.Token(String token) -> Optional.of("Bearer " + token);
            case Kubeconfig.Proof.Password(String user, String password) ->
                    Optional.of(
                            "Basic "
                                    + Base64.getEncoder()
                                            .encodeToString(
                                                    (user + ":" + password)
                                                            .getBytes(StandardCharsets.UTF_8)));
            case Kubeconfig.Proof.Certificate _ -> Optional.empty();
        };
    }

    @Override
    public ObjectNode get(ResourceType type, ObjectKey key) {
        return send("GET", path(type, key), Optional.empty(), "");
    }

    @Override
    public ObjectList list(ResourceType type, Selection selection) {
        ObjectNode list =
                send(
                        "GET",
                        path(type, selection) + query(selection, Map.of()),
                        Optional.empty(),
                        "");
        List<TenantObject> items = new ArrayList<>();
        for (JsonNode item : list.path("items")) {
            ObjectNode object = (ObjectNode) item;
            object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
            items.add(owned(selection, object));
        }
        return new ObjectList(Metadata.resourceVersion(list), items);
    }

    @Override
    public Watch watch(ResourceType type, Selection selection, String resourceVersion) {
        String uri =
                path(type, selection)
                        + query(
                                selection,
                                Map.of(
                                        "watch",
                                        "true",
                                        "resourceVersion",
                                        resourceVersion,
                                        // a sign of life every minute
                                        "allowWatchBookmarks",
                                        "true"));
        HttpResponse<InputStream> response = open(request("GET", uri, Optional.empty(), ""));
        return new RemoteWatch(response.body(), object -> owned(selection, object));
    }

    private TenantObject owned(Selection selection, ObjectNode object) {
        return new TenantObject(
                selection
                        .tenant()
                        .orElseGet(() ->
                                tenants
                                        ? new Tenant(Metadata.annotation(object, TENANT))
                                        : Tenant.SYSTEM),
                object);
    }

    @Override
    public ObjectNode create(ResourceType type, Tenant tenant, ObjectNode object) {
        return send(
                "POST",
                path(type, Selection.of(tenant, Metadata.namespace(object))),
                Optional.of(typed(type, object)),
                "application/json");
    }

    @Override
    public ObjectNode update(ResourceType type, Tenant tenant, ObjectNode object) {
        String path = path(type, new TenantObject(tenant, object).key());
        return send("PUT", path, Optional.of(typed(type, object)), "application/json");
    }

    /** Callers name the type beside the tree; on the wire the tree must say it itself. */
    private static ObjectNode typed(ResourceType type, ObjectNode object) {
        return object.deepCopy().put("apiVersion", type.apiVersion()).put("kind", type.kind());
    }

    @Override
    public ObjectNode updateStatus(ResourceType type, Tenant tenant, ObjectNode object) {
        String path = path(type, new TenantObject(tenant, object).key()) + "/status";
        return send("PUT", path, Optional.of(typed(type, object)), "application/json");
    }

    @Override
    public ObjectNode patch(ResourceType type, ObjectKey key, Patch patch, String subresource) {
        String path = path(type, key) + (subresource.isEmpty() ? "" : "/" + subresource);
        String media =
                switch (patch) {
                    case Patch.Json _ -> JSON_PATCH;
                    case Patch.Merge _ -> MERGE;
                    case Patch.Strategic _ -> STRATEGIC;
                };
        return send("PATCH", path, Optional.of(patch.body()), media);
    }

    @Override
    public void delete(ResourceType type, ObjectKey key, DeleteOptions options) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("apiVersion", "v1").put("kind", "DeleteOptions");
        options.gracePeriodSeconds().ifPresent(seconds -> body.put("gracePeriodSeconds", seconds));
        if (!options.uid().isEmpty()) {
            body.putObject("preconditions").put("uid", options.uid());
        }
        send("DELETE", path(type, key), Optional.of(body), "application/json");
    }

    /**
     * Any other request of the API, for instance {@code POST /tenants/acme/login}.
     *
     * @param path with a leading slash
     */
    public ObjectNode send(String method, String path, Optional<JsonNode> body, String media) {
        try (InputStream answer = open(request(method, path, body, media)).body()) {
            return Json.parseObject(answer.readAllBytes());
        } catch (IOException e) {
            throw unreachable(e);
        }
    }

    @Override
    public void close() {
        http.close();
    }

    private HttpRequest request(String method, String path, Optional<JsonNode> body, String media) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server + path))
                        .timeout(ANSWER)
                        .header("Accept", "application/json");
        authorization.ifPresent(value -> request.header("Authorization", value));
        if (body.isPresent()) {
            request.header("Content-Type", media);
            request.method(method, BodyPublishers.ofByteArray(Json.write(body.get())));
        } else {
            request.method(method, BodyPublishers.noBody());
        }
        return request.build();
    }

    private HttpResponse<InputStream> open(HttpRequest request) {
        try {
            HttpResponse<InputStream> response = http.send(request, BodyHandlers.ofInputStream());
            if (response.statusCode() >= 400) {
                throw failure(response);
            }
            return response;
        } catch (IOException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ApiException(
                    Status.of(Reason.TIMEOUT, "interrupted while waiting for " + server), e);
        }
    }

    private ApiException unreachable(IOException e) {
        return new ApiException(
                Status.of(
                        Reason.SERVICE_UNAVAILABLE,
                        "no answer from " + server + ": is it running? See 'hypernetes status'"),
                e);
    }

    private static ApiException failure(HttpResponse<InputStream> response) throws IOException {
        try (InputStream body = response.body()) {
            byte[] bytes = body.readNBytes(64 * 1024);
            return new ApiException(status(response.statusCode(), bytes));
        }
    }

    private static Status status(int code, byte[] body) {
        String message;
        String reason = "";
        try {
            ObjectNode status = Json.parseObject(body);
            message = status.path("message").asString("HTTP " + code);
            reason = status.path("reason").asString("");
        } catch (ApiException _) {
            message = "HTTP " + code + ": " + new String(body, StandardCharsets.UTF_8);
            reason = code == 404 ? Reason.NOT_FOUND.text() : ""; // a path that is not served
        }
        for (Reason known : Reason.values()) {
            if (known.text().equals(reason)) {
                return new Status(code, known, message, Optional.empty());
            }
        }
        return new Status(code, Reason.INTERNAL_ERROR, message, Optional.empty());
    }

    private String path(ResourceType type, ObjectKey key) {
        return path(type, Selection.of(key.tenant(), key.namespace())) + "/" + encoded(key.name());
    }

    private String path(ResourceType type, Selection selection) {
        StringBuilder path = new StringBuilder();
        if (tenants) {
            path.append("/tenants/").append(selection.tenant().map(Tenant::name).orElse("*"));
        }
        path.append(type.id().group().isEmpty() ? "/api/" : "/apis/");
        path.append(type.apiVersion());
        if (!selection.namespace().isEmpty()) {
            path.append("/namespaces/").append(encoded(selection.namespace()));
        }
        return path.append('/').append(type.id().resource()).toString();
    }

    private static String query(Selection selection, Map<String, String> more) {
        Map<String, String> parameters = new TreeMap<>(more);
        if (!selection.labelSelector().isEmpty()) {
            parameters.put("labelSelector", selection.labelSelector());
        }
        if (!selection.fieldSelector().isEmpty()) {
            parameters.put("fieldSelector", selection.fieldSelector());
        }
        StringBuilder query = new StringBuilder();
        parameters.forEach((name, value) ->
                query.append(query.isEmpty() ? '?' : '&')
                        .append(name)
                        .append('=')
                        .append(encoded(value)));
        return query.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
