package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.ExecOptions;
import io.hypernetes.server.access.Gate;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.Query;
import io.hypernetes.server.http.RawSession;
import io.hypernetes.server.http.SocketSession;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.resource.ResourceRequest;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code pods/exec}, {@code pods/attach} and {@code pods/portforward}: over WebSockets, and over
 * SPDY/3.1 for older clients.
 */
final class PodSessions {
    private final Reads reads;
    private final PodAccess pods;
    private final Gate gate;

    PodSessions(Reads reads, PodAccess pods, Gate gate) {
        this.gate = gate;
        this.reads = reads;
        this.pods = pods;
    }

    /** The session keeps the seat of its request. */
    private record Seated(Gate gate, ResourceRequest request) implements RemoteSession.Bounds {
        @Override
        public SocketSession within(SocketSession session) {
            return gate.seated(request.session(), session);
        }

        @Override
        public RawSession withinRaw(RawSession session) {
            return gate.seatedRaw(request.session(), session);
        }
    }

    void handle(ResourceRequest request) throws IOException {
        Exchange exchange = request.exchange();
        if (request.info().verb().equals("get")) {
            // To run or reach something is no reading, whatever the method of a WebSocket.
            gate.require(request.session(), request.info().withVerb("create"));
        }
        Served pod =
                reads.get(
                        request.type(),
                        request.session().tenant(),
                        request.namespace(),
                        request.info().name());
        RemoteSession session =
                new RemoteSession(
                        exchange, pods, PodSubresources.key(request), new Seated(gate, request));
        if (request.info().subresource().equals("portforward")) {
            session.forward(() -> ports(request.query()));
            return;
        }
        List<String> command =
                request.info().subresource().equals("exec")
                        ? request.query().all("command")
                        : List.of();
        if (command.isEmpty() && request.info().subresource().equals("exec")) {
            throw ApiException.badRequest("you must specify at least 1 command for the container");
        }
        Query query = request.query();
        session.command(options(query, pod, command), query.flag("stdout"), query.flag("stderr"));
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

    /** Given as several parameters, or with commas. */
    private static List<Integer> ports(Query query) {
        List<Integer> ports = new ArrayList<>();
        for (String value : query.all("ports")) {
            for (String text : value.split(",", -1)) {
                ports.add(
                        PortNumbers.parse(text)
                                .orElseThrow(() ->
                                        ApiException.badRequest("invalid port \"" + text + "\"")));
            }
        }
        if (ports.isEmpty() || ports.size() > SocketPortForward.MOST_PORTS) {
            throw ApiException.badRequest(
                    "query parameter \"port\" is required: 1 to " + SocketPortForward.MOST_PORTS);
        }
        return ports;
    }
}
