package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.ExecOptions;
import io.hypernetes.server.http.Exchange;
import io.hypernetes.server.http.HttpLimits;
import io.hypernetes.server.http.HttpListener;
import io.hypernetes.server.http.RawSession;
import io.hypernetes.server.http.Reply;
import io.hypernetes.server.http.SocketSession;
import io.hypernetes.server.jetty.JettyListener;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;

/**
 * The streaming server of a container runtime: exec, attach and port-forward at addresses that are
 * given out for one use, as CRI's calls of these names do. On loopback without TLS, as containerd's
 * and CRI-O's; the secret in an address is what lets its owner in. The first address makes it
 * listen, so a runtime that nobody asks for streams has no open port.
 */
public final class StreamingServer implements AutoCloseable {
    private final PodAccess pods;
    private final PendingSessions<Session> pending = new PendingSessions<>(System::nanoTime);

    /** Guarded by this. */
    private @Nullable HttpListener listener;

    /** What an address leads to. */
    private sealed interface Session {
        /** The word in the address. */
        String verb();

        record Command(
                String verb, ObjectKey pod, ExecOptions options, boolean stdout, boolean stderr)
                implements Session {}

        record Ports(ObjectKey pod, List<Integer> ports) implements Session {
            @Override
            public String verb() {
                return "portforward";
            }
        }
    }

    /** Nobody else waits for what a session takes. */
    private enum Unbounded implements RemoteSession.Bounds {
        HERE;

        @Override
        public SocketSession within(SocketSession session) {
            return session;
        }

        @Override
        public RawSession withinRaw(RawSession session) {
            return session;
        }
    }

    /**
     * @param pods that the keys of the calls below are of
     */
    public StreamingServer(PodAccess pods) {
        this.pods = pods;
    }

    /**
     * Where a client gets the streams of a command, once and within a minute; without a command
     * those of the container's own process. Throws TooManyRequests when a thousand wait.
     */
    public URI command(ObjectKey pod, ExecOptions options, boolean stdout, boolean stderr) {
        String verb = options.command().isEmpty() ? "attach" : "exec";
        return address(new Session.Command(verb, pod, options, stdout, stderr));
    }

    /** The same for connections to these ports, or to any by the protocols that name them later. */
    public URI portForward(ObjectKey pod, List<Integer> ports) {
        return address(new Session.Ports(pod, List.copyOf(ports)));
    }

    private URI address(Session session) {
        String secret =
                pending.add(session)
                        .orElseThrow(() ->
                                ApiException.of(
                                        Reason.TOO_MANY_REQUESTS,
                                        "too many streams wait for their clients; try again in a"
                                                + " minute"));
        String loopback = InetAddress.getLoopbackAddress().getHostAddress();
        return URI.create("http://%s:%d/%s/%s".formatted(loopback, port(), session.verb(), secret));
    }

    private synchronized int port() {
        if (listener == null) {
            HttpListener first =
                    JettyListener.withoutTls(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            this::serve,
                            HttpLimits.DEFAULT);
            try {
                first.start();
            } catch (IOException e) {
                throw new UncheckedIOException("no port for streams: " + e.getMessage(), e);
            }
            listener = first;
        }
        return listener.port();
    }

    private void serve(Exchange exchange) throws IOException {
        try {
            serve(exchange, fetch(exchange.path()));
        } catch (ApiException e) {
            exchange.reply(Reply.text(e.status().code(), e.status().message() + "\n"));
        }
    }

    private void serve(Exchange exchange, Session session) throws IOException {
        switch (session) {
            case Session.Command command ->
                    new RemoteSession(exchange, pods, command.pod(), Unbounded.HERE)
                            .command(command.options(), command.stdout(), command.stderr());
            case Session.Ports ports ->
                    new RemoteSession(exchange, pods, ports.pod(), Unbounded.HERE)
                            .forward(ports::ports);
        }
    }

    private Session fetch(String path) {
        int slash = path.lastIndexOf('/');
        return pending.take(path.substring(slash + 1))
                .filter(session -> path.equals("/" + session.verb() + path.substring(slash)))
                .orElseThrow(() ->
                        ApiException.of(
                                Reason.NOT_FOUND,
                                "this address leads nowhere: it may have been used, or be older"
                                        + " than a minute"));
    }

    @Override
    public synchronized void close() {
        if (listener != null) {
            listener.close();
        }
    }
}
