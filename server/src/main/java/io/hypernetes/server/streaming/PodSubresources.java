package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.access.TokenIssuer;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.TenantDialer;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.access.Gate;
import io.hypernetes.server.outbound.PodDialer;
import io.hypernetes.server.output.Statuses;
import io.hypernetes.server.registry.Bindings;
import io.hypernetes.server.registry.Registry;
import io.hypernetes.server.resource.Decoding;
import io.hypernetes.server.resource.ResourceHandler;
import io.hypernetes.server.resource.ResourceRequest;
import io.hypernetes.server.resource.Subresources;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;

/** The subresources that are actions. */
public final class PodSubresources implements Subresources {
    private static final GroupVersionKind BINDING = new GroupVersionKind("", "v1", "Binding");

    private final Registry registry;
    private final Decoding decoding;
    private final PodLogs logs;
    private final PodSessions sessions;
    private final Evictions evictions;
    private final Proxies proxies;
    private final ServiceAccountTokens tokens;
    private final ActionAdmission admission;

    public PodSubresources(
            Registry registry, Decoding decoding, TokenIssuer tokens, PodAccess pods, Gate gate) {
        this.decoding = decoding;
        this.registry = registry;
        this.logs = new PodLogs(registry.reads(), pods, gate);
        this.sessions = new PodSessions(registry.reads(), pods, gate);
        this.admission = new ActionAdmission(registry.admission());
        this.evictions = new Evictions(registry, decoding, admission);
        TenantDialer dialer = new PodDialer(registry.reads(), pods);
        this.proxies = new Proxies(registry.reads(), dialer, gate);
        this.tokens = new ServiceAccountTokens(registry.reads(), decoding, tokens, admission);
    }

    @Override
    public void handle(ResourceRequest request) throws IOException, InterruptedException {
        boolean isPod = request.type().id().equals(BuiltinTypes.PODS.id());
        switch (request.info().subresource()) {
            case "log" -> {
                require(isPod, request, "get");
                logs.handle(request);
            }
            case "exec", "attach", "portforward" -> {
                require(isPod, request, "get", "create");
                admission.connect(request);
                sessions.handle(request);
            }
            case "proxy" -> {
                boolean service = request.type().id().equals(BuiltinTypes.SERVICES.id());
                boolean node = request.type().id().equals(BuiltinTypes.NODES.id());
                require(
                        isPod || service || node,
                        request,
                        "get",
                        "create",
                        "update",
                        "patch",
                        "delete",
                        "options");
                admission.connect(request);
                if (node) {
                    refuseNode(request);
                }
                proxies.handle(request);
            }
            case "binding" -> {
                require(isPod, request, "create");
                bind(request);
            }
            case "eviction" -> {
                require(isPod, request, "create");
                evictions.handle(request);
            }
            case "token" -> {
                require(
                        request.type().id().equals(BuiltinTypes.SERVICE_ACCOUNTS.id()),
                        request,
                        "create");
                tokens.handle(request);
            }
            default -> throw ResourceHandler.notServed();
        }
    }

    private static void require(boolean known, ResourceRequest request, String... verbs) {
        if (!known) {
            throw ResourceHandler.notServed();
        }
        for (String verb : verbs) {
            if (request.info().verb().equals(verb)) {
                return;
            }
        }
        throw ResourceHandler.methodNotAllowed();
    }

    static ObjectKey key(ResourceRequest request) {
        return new ObjectKey(
                request.session().tenant(), request.namespace(), request.info().name());
    }

    /** A node agent has no port: what a kubelet's would answer, the API server asks it itself. */
    private void refuseNode(ResourceRequest request) {
        registry.reads().get(request.type(), request.session().tenant(), "", node(request));
        throw ApiException.of(
                Reason.SERVICE_UNAVAILABLE,
                "error trying to reach service: node "
                        + node(request)
                        + " listens on no port: use logs, exec and port-forward of its pods");
    }

    /** {@code NAME}, {@code NAME:PORT} or {@code SCHEME:NAME:PORT}. */
    private static String node(ResourceRequest request) {
        String[] parts = request.info().name().split(":", -1);
        return parts.length == 3 ? parts[1] : parts[0];
    }

    @Override
    public void bind(ResourceRequest request) throws IOException, InterruptedException {
        ObjectNode binding = decoding.object(request.exchange());
        String pod = request.info().name();
        if (pod.isEmpty()) {
            pod = Metadata.name(binding);
        }
        if (pod.isEmpty()) {
            throw ApiException.badRequest("a binding has the name of its pod");
        }
        admission.create(request, "binding", pod, BINDING, binding);
        registry.writes()
                .change(
                        request.call(),
                        request.type(),
                        request.namespace(),
                        pod,
                        "binding",
                        Bindings.of(binding));
        request.reply(request.answers().tree(201, Statuses.success(201)));
    }
}
