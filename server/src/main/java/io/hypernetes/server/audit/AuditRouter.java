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

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

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
        ObjectNode list =
                Json.object().put("kind", "EventList").put("apiVersion", "audit.k8s.io/v1");
        list.putObject("metadata");
        ArrayNode items = list.putArray("items");
        Tenant tenant = session.tenant();
        events(tenant).forEach(event -> items.add(Json.parse(event)));
        exchange.reply(
                new Answers(Format.negotiateObject(exchange.headers("Accept")), "", false)
                        .tree(200, list));
        return true;
    }

    private List<byte[]> events(Tenant tenant) {
        return reads.find(BuiltinTypes.TENANTS, Tenant.SYSTEM, "", tenant.name())
                .map(object -> Instant.parse(Metadata.creationTimestamp(object.tree())))
                .map(begin -> audit.of(tenant, begin))
                .orElse(List.of());
    }
}
