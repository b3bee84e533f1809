package io.hypernetes.server.discovery;

import static java.time.temporal.ChronoUnit.DAYS;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.schema.OpenApiV2Document;
import io.hypernetes.api.schema.OpenApiV3Document;
import io.hypernetes.server.access.Router;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.aggregation.ClaimedGroups;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Reply;
import io.hypernetes.server.output.Answers;
import io.hypernetes.server.registry.Registry;
import io.hypernetes.server.request.MediaRange;
import io.hypernetes.server.request.RequestInfo;
import io.hypernetes.server.resource.ResourceHandler;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code /api}, {@code /apis}, {@code /openapi} and {@code /version} of each world. */
public final class DiscoveryRouter implements Router {
    private static final Set<String> AGGREGATED_VERSIONS = Set.of("v2", "v2beta1");

    private static final DateTimeFormatter HTTP_DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private final AllDocuments documents;

    private final ClaimedGroups claimed;

    public DiscoveryRouter(Registry registry, ClaimedGroups claimed) {
        this.claimed = claimed;
        documents = new AllDocuments(registry.types(), registry.schemas());
    }

    @Override
    public boolean handle(Exchange exchange, Session session, RequestInfo info) throws IOException {
        if (info.isResource()) {
            return false;
        }
        Optional<Reply> reply = answer(exchange, session, info.path());
        if (reply.isEmpty()) {
            return false;
        }
        boolean head = exchange.method().equals("HEAD") && !info.path().startsWith("/openapi/");
        if (head || !info.verb().equals("get")) {
            throw ResourceHandler.methodNotAllowed();
        }
        exchange.reply(reply.get());
        return true;
    }

    private Optional<Reply> answer(Exchange exchange, Session session, String path) {
        Tenant tenant = session.world().orElse(Tenant.SYSTEM);
        WorldDocuments world = documents.of(tenant);
        Catalog catalog = world.catalog();
        List<String> parts = List.of(path.substring(1).split("/", -1));
        return switch (parts.getFirst()) {
            case "" -> parts.size() == 1 ? Optional.of(root()) : Optional.empty();
            case "version" -> parts.size() == 1 ? Optional.of(version()) : Optional.empty();
            case "api" ->
                    switch (parts.size()) {
                        case 1 -> Optional.of(versions(exchange, catalog, tenant, true));
                        case 2 -> catalog.resourceList("", parts.get(1)).map(DiscoveryRouter::ok);
                        default -> Optional.empty();
                    };
            case "apis" ->
                    switch (parts.size()) {
                        case 1 -> Optional.of(versions(exchange, catalog, tenant, false));
                        case 2 ->
                                claimed.addTo(catalog.group(parts.get(1)), tenant, parts.get(1))
                                        .map(DiscoveryRouter::ok);
                        case 3 ->
                                catalog.resourceList(parts.get(1), parts.get(2))
                                        .map(DiscoveryRouter::ok);
                        default -> Optional.empty();
                    };
            case "openapi" -> openApi(exchange, world, path);
            default -> Optional.empty();
        };
    }

    private static Reply ok(ObjectNode tree) {
        return Answers.json(200, tree);
    }

    private Reply versions(Exchange exchange, Catalog catalog, Tenant tenant, boolean core) {
        for (MediaRange range : MediaRange.accepted(exchange.headers("Accept"))) {
            String version = range.parameter("v");
            if (range.type().equals("application/json")
                    && range.parameter("g").equals("apidiscovery.k8s.io")
                    && range.parameter("as").equals("APIGroupDiscoveryList")
                    && AGGREGATED_VERSIONS.contains(version)) {
                return Reply.of(
                                200,
                                "application/json;g=apidiscovery.k8s.io;v="
                                        + version
                                        + ";as=APIGroupDiscoveryList",
                                Json.write(
                                        core
                                                ? catalog.aggregated(true, version)
                                                : claimed.addToAggregated(
                                                        catalog.aggregated(false, version),
                                                        tenant)))
                        .with("Vary", "Accept");
            }
            if (range.type().equals("application/json") && range.parameter("as").isEmpty()) {
                break;
            }
        }
        ObjectNode list =
                core
                        ? catalog.coreVersions(exchange.header("Host"))
                        : claimed.addTo(catalog.groupList(), tenant);
        return ok(list).with("Vary", "Accept");
    }

    private static Reply root() {
        ObjectNode tree = Json.object();
        ArrayNode paths = tree.putArray("paths");
        List.of(
                        "/.well-known/openid-configuration",
                        "/api",
                        "/api/v1",
                        "/apis",
                        "/healthz",
                        "/livez",
                        "/login",
                        "/openapi/v2",
                        "/openapi/v3",
                        "/openid/v1/jwks",
                        "/readyz",
                        "/version")
                .forEach(paths::add);
        return ok(tree);
    }

    private static Reply version() {
        ObjectNode tree = Json.object();
        Map.of("major", "1", "minor", "36").forEach(tree::put);
        tree.put("gitVersion", Version.KUBERNETES + "+hypernetes." + Version.HYPERNETES);
        tree.put("gitCommit", "").put("gitTreeState", "clean").put("buildDate", "");
        tree.put("goVersion", "").put("compiler", "java");
        tree.put("platform", "linux/" + Version.ARCHITECTURE);
        return ok(tree);
    }

    private static Optional<Reply> openApi(
            Exchange exchange, WorldDocuments documents, String path) {
        String v3 = "/openapi/v3";
        if (path.equals("/openapi/v2")) {
            return Optional.of(openApiV2(exchange, documents.openApiV2()));
        }
        if (path.equals(v3)) {
            return Optional.of(document(exchange, documents.openApiV3().index()));
        }
        return path.startsWith(v3 + "/")
                ? documents
                        .openApiV3()
                        .document(path.substring(v3.length() + 1))
                        .map(document -> openApiV3(exchange, document))
                : Optional.empty();
    }

    /**
     * Who names the hash of the index gets a document that may be kept for ever, or is told where
     * the present one is.
     */
    private static Reply openApiV3(Exchange exchange, OpenApiV3Document document) {
        String hash = document.hash();
        String asked = exchange.query().get("hash");
        if (!asked.isEmpty() && !asked.equals(hash)) {
            return Reply.of(301, "text/html; charset=utf-8", new byte[0])
                    .with("Location", exchange.path() + "?hash=" + hash)
                    .with("Vary", "Accept");
        }
        String etag = '"' + hash + '"';
        Reply reply =
                wantsProtobuf(exchange, "v3")
                        ? tagged(
                                exchange,
                                OpenApiV3Document.PROTOBUF_CONTENT_TYPE,
                                document.protobuf(),
                                etag)
                        : tagged(exchange, "application/json", document.json(), etag);
        return asked.isEmpty()
                ? reply
                : reply.with("Cache-Control", "public, immutable")
                        .with("Expires", HTTP_DATE.format(Instant.now().plus(365, DAYS)));
    }

    private static Reply openApiV2(Exchange exchange, OpenApiV2Document document) {
        return wantsProtobuf(exchange, "v2")
                ? tagged(exchange, OpenApiV2Document.PROTOBUF_CONTENT_TYPE, document.protobuf())
                : document(exchange, document.json());
    }

    /**
     * Clients ask with an '@' that no parser of media types takes back in an answer, or without.
     */
    private static boolean wantsProtobuf(Exchange exchange, String version) {
        String protobuf = "application/com.github.proto-openapi.spec." + version;
        for (MediaRange range : MediaRange.accepted(exchange.headers("Accept"))) {
            if (range.type().startsWith(protobuf)) {
                return true;
            }
            if (range.type().equals("application/json")) {
                return false;
            }
        }
        return false;
    }

    private static Reply document(Exchange exchange, byte[] json) {
        return tagged(exchange, "application/json", json);
    }

    private static Reply tagged(Exchange exchange, String contentType, byte[] bytes) {
        return tagged(exchange, contentType, bytes, WorldDocuments.etag(bytes));
    }

    private static Reply tagged(Exchange exchange, String contentType, byte[] bytes, String etag) {
        boolean known = exchange.headers("If-None-Match").contains(etag);
        Reply reply = known ? Reply.of(304, "", new byte[0]) : Reply.of(200, contentType, bytes);
        return reply.with("Etag", etag).with("Vary", "Accept");
    }
}
