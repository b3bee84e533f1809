package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.ExecOptions;
import io.hypernetes.server.access.Gate;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Query;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.resource.ResourceHandler;
import io.hypernetes.server.resource.ResourceRequest;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** {@code pods/exec}, {@code pods/attach} and {@code pods/portforward} over WebSockets. */
final class PodSessions {
    private final Reads reads;
    private final PodAccess pods;
    private final Gate gate;

    PodSessions(Reads reads, PodAccess pods, Gate gate) {
        this.gate = gate;
        this.reads = reads;
        this.pods = pods;
    }

    void handle(ResourceRequest request) throws IOException {
        Exchange exchange = request.exchange();
        Served pod =
                reads.get(
                        request.type(),
                        request.session().tenant(),
                        request.namespace(),
                        request.info().name());
        if (!exchange.wantsWebSocket()) {
            throw ApiException.badRequest(
                    "Upgrade request required: a WebSocket with one of the sub-protocols "
                            + String.join(", ", ChannelProtocol.names()));
        }
        ObjectKey key = PodSubresources.key(request);
        switch (request.info().subresource()) {
            case "exec" -> {
                List<String> command = request.query().all("command");
                if (command.isEmpty()) {
                    throw ApiException.badRequest(
                            "you must specify at least 1 command for the container");
                }
                run(request, key, options(request.query(), pod, command));
            }
            case "attach" -> run(request, key, options(request.query(), pod, List.of()));
            default -> throw ResourceHandler.notServed();
        }
    }

    private static ExecOptions options(Query query, Served pod, List<String> command) {
        boolean stdin = query.flag("stdin");
        if (!stdin && !query.flag("stdout") && !query.flag("stderr")) {
            throw ApiException.badRequest("you must specify at least one of stdin, stdout, stderr");
        }
        return new ExecOptions(
                Containers.choose(pod.tree(), query.get("container")),
                command,
                query.flag("tty"),
                stdin);
    }

    private void run(ResourceRequest request, ObjectKey pod, ExecOptions options)
            throws IOException {
        Exchange exchange = request.exchange();
        Optional<ChannelProtocol> protocol = ChannelProtocol.choose(exchange.offeredProtocols());
        if (protocol.isEmpty()) {
            throw ApiException.badRequest(
                    "unable to upgrade: none of the offered sub-protocols is known; known are "
                            + String.join(", ", ChannelProtocol.names()));
        }
        exchange.upgrade(
                protocol.get().protocolName(),
                gate.seated(
                        request.session(),
                        socket ->
                                new ExecSession(pods, pod, options, protocol.get(), socket).run()));
    }
}
