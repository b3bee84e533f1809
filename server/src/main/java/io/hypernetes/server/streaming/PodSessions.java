package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
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
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * {@code pods/exec}, {@code pods/attach} and {@code pods/portforward}: over WebSockets, and over
 * SPDY/3.1 for older clients.
 */
final class PodSessions {
    private static final String SPDY = "SPDY/3.1";
    private static final String VERSION_HEADER = "X-Stream-Protocol-Version";

    /** A WebSocket that tunnels SPDY (KEP-4006). */
    private static final String TUNNEL = SPDY + "+" + SpdyPortForward.PROTOCOL;

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
        boolean spdy = exchange.wantedUpgrade().equals("spdy/3.1");
        ObjectKey key = PodSubresources.key(request);
        if (request.info().subresource().equals("portforward")) {
            forward(request, key, spdy);
            return;
        }
        List<String> command =
                request.info().subresource().equals("exec")
                        ? request.query().all("command")
                        : List.of();
        if (command.isEmpty() && request.info().subresource().equals("exec")) {
            throw ApiException.badRequest("you must specify at least 1 command for the container");
        }
        ExecOptions options = options(request.query(), pod, command);
        if (spdy) {
            spdyCommand(request, new RemoteCommand(pods, key, options));
        } else {
            socketCommand(request, new RemoteCommand(pods, key, options));
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

    private void socketCommand(ResourceRequest request, RemoteCommand command) throws IOException {
        Exchange exchange = request.exchange();
        requireSocket(exchange);
        List<String> offered = exchange.offeredProtocols();
        ChannelProtocol protocol =
                offered.isEmpty()
                        ? ChannelProtocol.V1
                        : ChannelProtocol.choose(ChannelProtocol.COMMANDS, offered)
                                .orElseThrow(() ->
                                        unknownProtocol(
                                                offered,
                                                ChannelProtocol.names(ChannelProtocol.COMMANDS)));
        upgrade(
                request,
                offered.isEmpty() ? "" : protocol.protocolName(),
                socket -> {
                    SocketCommand client = new SocketCommand(socket, protocol, command.options());
                    client.greet();
                    command.run(client);
                });
    }

    private void spdyCommand(ResourceRequest request, RemoteCommand command) throws IOException {
        String protocol = negotiate(request.exchange(), SpdyCommand.PROTOCOLS);
        Query query = request.query();
        upgradeRaw(
                request,
                protocol,
                new SpdyCommandSession(
                        command,
                        protocol,
                        SpdyCommand.wanted(
                                protocol,
                                query.flag("stdin"),
                                query.flag("stdout"),
                                query.flag("stderr"),
                                query.flag("tty"))));
    }

    private void forward(ResourceRequest request, ObjectKey pod, boolean spdy) throws IOException {
        Exchange exchange = request.exchange();
        SpdyPortForward forward = new SpdyPortForward(pods, pod);
        if (spdy) {
            String protocol = negotiate(exchange, List.of(SpdyPortForward.PROTOCOL));
            upgradeRaw(request, protocol, forward);
            return;
        }
        requireSocket(exchange);
        List<String> offered = exchange.offeredProtocols();
        if (offered.contains(TUNNEL)) {
            upgrade(request, TUNNEL, socket -> forward.run(new TunnelConnection(socket)));
            return;
        }
        Optional<ChannelProtocol> protocol = ChannelProtocol.choose(ChannelProtocol.PORTS, offered);
        if (protocol.isEmpty()) {
            List<String> known = new ArrayList<>(List.of(TUNNEL));
            known.addAll(ChannelProtocol.names(ChannelProtocol.PORTS));
            throw unknownProtocol(offered, known);
        }
        upgrade(
                request,
                protocol.get().protocolName(),
                new SocketPortForward(pods, pod, ports(request.query()), protocol.get()));
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

    private static void requireSocket(Exchange exchange) {
        if (!exchange.wantsWebSocket()) {
            throw ApiException.badRequest("Upgrade request required");
        }
    }

    private static ApiException unknownProtocol(List<String> offered, List<String> known) {
        return ApiException.badRequest(
                "unable to upgrade: unable to negotiate protocol: client supports "
                        + offered
                        + ", server accepts "
                        + known);
    }

    private static String negotiate(Exchange exchange, List<String> known) {
        List<String> offered =
                exchange.headers(VERSION_HEADER).stream()
                        .flatMap(value -> Arrays.stream(value.split(",", -1)))
                        .map(String::strip)
                        .toList();
        if (offered.isEmpty()) {
            throw ApiException.badRequest("unable to upgrade: " + VERSION_HEADER + " is required");
        }
        return known.stream()
                .filter(offered::contains)
                .findFirst()
                .orElseThrow(() ->
                        ApiException.of(
                                Reason.FORBIDDEN,
                                unknownProtocol(offered, known).status().message()));
    }

    private void upgrade(ResourceRequest request, String protocol, SocketSession session)
            throws IOException {
        request.exchange().upgrade(protocol, gate.seated(request.session(), session));
    }

    private void upgradeRaw(ResourceRequest request, String protocol, RawSession session)
            throws IOException {
        request.exchange()
                .upgradeRaw(
                        SPDY,
                        Map.of(VERSION_HEADER, protocol),
                        gate.seatedRaw(request.session(), session));
    }
}
