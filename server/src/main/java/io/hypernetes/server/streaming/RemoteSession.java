package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.ExecOptions;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.RawSession;
import io.hypernetes.server.http.SocketSession;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How the streams of a command or of ports travel to a client: negotiated by its headers, then the
 * connection is upgraded to WebSocket or SPDY/3.1.
 *
 * @param bounds of what is started
 */
record RemoteSession(Exchange exchange, PodAccess pods, ObjectKey pod, Bounds bounds) {
    private static final String SPDY = "SPDY/3.1";
    private static final String VERSION_HEADER = "X-Stream-Protocol-Version";

    /** A WebSocket that tunnels SPDY (KEP-4006). */
    private static final String TUNNEL = SPDY + "+" + SpdyPortForward.PROTOCOL;

    /** What a session takes of the server as long as it lasts. */
    interface Bounds {
        SocketSession within(SocketSession session);

        RawSession withinRaw(RawSession session);
    }

    void command(ExecOptions options, boolean stdout, boolean stderr) throws IOException {
        RemoteCommand command = new RemoteCommand(pods, pod, options);
        if (wantsSpdy()) {
            String protocol = negotiate(SpdyCommand.PROTOCOLS);
            upgradeRaw(
                    protocol,
                    new SpdyCommandSession(
                            command,
                            protocol,
                            SpdyCommand.wanted(
                                    protocol, options.stdin(), stdout, stderr, options.tty())));
        } else {
            socketCommand(command);
        }
    }

    private boolean wantsSpdy() {
        return exchange.wantedUpgrade().equals("spdy/3.1");
    }

    private void socketCommand(RemoteCommand command) throws IOException {
        requireSocket();
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
                offered.isEmpty() ? "" : protocol.protocolName(),
                socket -> {
                    SocketCommand client = new SocketCommand(socket, protocol, command.options());
                    client.greet();
                    command.run(client);
                });
    }

    /**
     * @param ports asked for when the protocol has them in its request, not in each stream
     */
    void forward(Supplier<List<Integer>> ports) throws IOException {
        SpdyPortForward forward = new SpdyPortForward(pods, pod);
        if (wantsSpdy()) {
            upgradeRaw(negotiate(List.of(SpdyPortForward.PROTOCOL)), forward);
            return;
        }
        requireSocket();
        List<String> offered = exchange.offeredProtocols();
        if (offered.contains(TUNNEL)) {
            upgrade(TUNNEL, socket -> forward.run(new TunnelConnection(socket)));
            return;
        }
        Optional<ChannelProtocol> protocol = ChannelProtocol.choose(ChannelProtocol.PORTS, offered);
        if (protocol.isEmpty()) {
            List<String> known = new ArrayList<>(List.of(TUNNEL));
            known.addAll(ChannelProtocol.names(ChannelProtocol.PORTS));
            throw unknownProtocol(offered, known);
        }
        upgrade(
                protocol.get().protocolName(),
                new SocketPortForward(pods, pod, ports.get(), protocol.get()));
    }

    private void requireSocket() {
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

    private String negotiate(List<String> known) {
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

    private void upgrade(String protocol, SocketSession session) throws IOException {
        exchange.upgrade(protocol, bounds.within(session));
    }

    private void upgradeRaw(String protocol, RawSession session) throws IOException {
        exchange.upgradeRaw(SPDY, Map.of(VERSION_HEADER, protocol), bounds.withinRaw(session));
    }
}
