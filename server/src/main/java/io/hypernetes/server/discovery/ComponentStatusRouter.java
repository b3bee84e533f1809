package io.hypernetes.server.discovery;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.UnstoredTypes;
import io.hypernetes.server.access.Router;
import io.hypernetes.server.access.Session;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Reply;
import io.hypernetes.server.output.Answers;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.request.Format;
import io.hypernetes.server.request.RequestInfo;
import io.hypernetes.server.resource.ResourceHandler;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.List;

/**
 * {@code componentstatuses}, deprecated since Kubernetes 1.19: the one component that the server
 * cannot do without, its store. Nothing is kept; who reads makes it look.
 */
public final class ComponentStatusRouter implements Router {
    private static final String STORE = "store";

    /** As upstream names what it does not find. */
    private static final GroupResource NAMED = new GroupResource("", "componentstatus");

    private static final String DEPRECATED = "299 - \"v1 ComponentStatus is deprecated in v1.19+\"";

    private final Reads reads;

    public ComponentStatusRouter(Reads reads) {
        this.reads = reads;
    }

    @Override
    public boolean handle(Exchange exchange, Session session, RequestInfo info)
            throws IOException, InterruptedException {
        if (!info.isResource()
                || !info.group().isEmpty()
                || !info.version().equals("v1")
                || !info.resource().equals(UnstoredTypes.COMPONENT_STATUSES.id().resource())) {
            return false;
        }
        ResourceType type = UnstoredTypes.COMPONENT_STATUSES;
        Format format = Format.negotiate(exchange.headers("Accept"), true);
        Answers answers = new Answers(format, exchange.query().get("includeObject"), false);
        Reply reply =
                switch (info.verb()) {
                    case "list" -> answers.made(type, List.of(store()));
                    case "get" -> {
                        if (!info.name().equals(STORE) || !info.subresource().isEmpty()) {
                            throw ApiException.notFound(NAMED, info.name());
                        }
                        yield answers.made(type, store());
                    }
                    default -> throw ResourceHandler.methodNotAllowed();
                };
        exchange.reply(reply.with("Warning", DEPRECATED));
        return true;
    }

    private ObjectNode store() throws InterruptedException {
        boolean answers = reads.isConnected();
        ObjectNode status = Json.object();
        status.put("kind", "ComponentStatus").put("apiVersion", "v1");
        status.putObject("metadata").put("name", STORE);
        status.putArray("conditions")
                .addObject()
                .put("type", "Healthy")
                .put("status", answers ? "True" : "False")
                .put("message", answers ? "ok" : "the store does not answer");
        return status;
    }
}
