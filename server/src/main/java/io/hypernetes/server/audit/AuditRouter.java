package io.hypernetes.server.audit;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.access.Router;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.output.Answers;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.request.Format;
import io.hypernetes.server.request.RequestInfo;
import io.hypernetes.server.resource.ResourceHandler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code /apis/hypernetes.io/v1/auditevents}: what was asked for in the world of who asks. It needs
 * the verb list on auditevents, which an administrator of the world has.
 */
public final class AuditRouter implements Router {
    private static final String RESOURCE = "auditevents";

    private final TenantAudit audit;
    private final Reads reads;

    public AuditRouter(TenantAudit audit, Reads reads) {
        this.audit = audit;
        this.reads = reads;
    }

    @Override
    public boolean handle(Exchange exchange, Session session, RequestInfo info) throws IOException {
        if (!info.resource().equals(RESOURCE)
                || !info.group().equals("hypernetes.io")
                || !info.version().equals("v1")) {
            return false;
        }
        if (!info.verb().equals("list") || !info.namespace().isEmpty()) {
            throw ResourceHandler.methodNotAllowed();
        }
        List<JsonNode> events = events(session.tenant()).stream().map(Json::parse).toList();
        Format format = Format.negotiate(exchange.headers("Accept"), false);
        ObjectNode answer = format.shape() == Format.Shape.TABLE ? table(events) : list(events);
        exchange.reply(new Answers(format, "", false).tree(200, answer));
        return true;
    }

    private static ObjectNode list(List<JsonNode> events) {
        ObjectNode list =
                Json.object().put("kind", "EventList").put("apiVersion", "audit.k8s.io/v1");
        list.putObject("metadata");
        list.putArray("items").addAll(events);
        return list;
    }

    /** What {@code kubectl get auditevents} prints. */
    private static ObjectNode table(List<JsonNode> events) {
        ObjectNode table = Json.object().put("kind", "Table").put("apiVersion", "meta.k8s.io/v1");
        table.putObject("metadata");
        ArrayNode columns = table.putArray("columnDefinitions");
        for (String name : List.of("Time", "User", "Verb", "Object", "Code")) {
            columns.addObject()
                    .put("name", name)
                    .put("type", name.equals("Code") ? "integer" : "string")
                    .put("format", "")
                    .put("description", name + " of the request.")
                    .put("priority", 0);
        }
        ArrayNode rows = table.putArray("rows");
        for (JsonNode event : events) {
            ObjectNode row = rows.addObject();
            row.putArray("cells")
                    .add(event.path("stageTimestamp").asString(""))
                    .add(event.path("user").path("username").asString(""))
                    .add(event.path("verb").asString(""))
                    .add(object(event.path("objectRef")))
                    .add(event.path("responseStatus").path("code").asInt(0));
            row.putObject("object")
                    .put("kind", "PartialObjectMetadata")
                    .put("apiVersion", "meta.k8s.io/v1")
                    .putObject("metadata")
                    .put("name", event.path("auditID").asString(""));
        }
        return table;
    }

    private static String object(JsonNode reference) {
        return Stream.of("namespace", "resource", "name", "subresource")
                .map(part -> reference.path(part).asString(""))
                .filter(part -> !part.isEmpty())
                .collect(Collectors.joining("/"));
    }

    private List<byte[]> events(Tenant tenant) {
        return reads.find(BuiltinTypes.TENANTS, Tenant.SYSTEM, "", tenant.name())
                .map(object -> Instant.parse(Metadata.creationTimestamp(object.tree())))
                .map(begin -> audit.of(tenant, begin))
                .orElse(List.of());
    }
}
