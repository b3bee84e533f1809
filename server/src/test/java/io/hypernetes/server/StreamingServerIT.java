package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.PodAccess.ExecOptions;
import io.hypernetes.server.streaming.StreamingServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A runtime's streaming server and its addresses, with containers that are processes. */
class StreamingServerIT {
    private static final ObjectKey CONTAINER = new ObjectKey(Tenant.SYSTEM, "", "abc");
    private static final int OUT = 1;
    private static final int ERR = 2;
    private static final int STATUS = 3;

    private final ProcessPods pods = new ProcessPods();
    private final StreamingServer server = new StreamingServer(pods);
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        server.close();
        http.close();
    }

    /** What came on each channel. */
    private static final class Session implements WebSocket.Listener {
        final Map<Integer, ByteArrayOutputStream> channels = new ConcurrentHashMap<>();
        final CompletableFuture<Integer> closed = new CompletableFuture<>();

        String text(int channel) {
            return channels.getOrDefault(channel, new ByteArrayOutputStream())
                    .toString(StandardCharsets.UTF_8);
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            channels.computeIfAbsent((int) bytes[0], _ -> new ByteArrayOutputStream())
                    .write(bytes, 1, bytes.length - 1);
            socket.request(1);
            return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            closed.complete(code);
            return CompletableFuture.completedStage(null);
        }
    }

    private WebSocket connect(URI address, String protocol, Session session) {
        return http.newWebSocketBuilder()
                .subprotocols(protocol)
                .buildAsync(URI.create("ws" + address.toString().substring(4)), session)
                .join();
    }

    private static ByteBuffer message(int channel, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(bytes.length + 1).put((byte) channel).put(bytes).flip();
    }

    private URI exec(String... command) {
        return server.command(
                CONTAINER, new ExecOptions("", List.of(command), false, true), true, true);
    }

    @Test
    void aCommandsStreamsAreAtItsAddress() throws Exception {
        URI address = exec("sh", "-c", "read a; echo got $a; echo bad >&2; exit 7");
        assertThat(address.toString())
                .matches("http://127\\.0\\.0\\.1:\\d+/exec/[A-Za-z0-9_-]{22}");
        Session session = new Session();
        WebSocket socket = connect(address, "v4.channel.k8s.io", session);
        socket.sendBinary(message(0, "in\n"), true).join();
        session.closed.get(30, TimeUnit.SECONDS);
        assertThat(session.text(OUT)).isEqualTo("got in\n");
        assertThat(session.text(ERR)).isEqualTo("bad\n");
        assertThat(session.text(STATUS)).contains("NonZeroExitCode").contains("\"7\"");
    }

    @Test
    void attachReachesTheContainersOwnProcess() throws Exception {
        URI address =
                server.command(CONTAINER, new ExecOptions("", List.of(), false, true), true, false);
        assertThat(address.getPath()).startsWith("/attach/");
        Session session = new Session();
        WebSocket socket = connect(address, "v5.channel.k8s.io", session);
        socket.sendBinary(message(0, "echo"), true).join();
        socket.sendBinary(ByteBuffer.wrap(new byte[] {(byte) 255, 0}), true).join();
        session.closed.get(30, TimeUnit.SECONDS);
        assertThat(session.text(OUT)).isEqualTo("echo");
        assertThat(session.text(STATUS)).contains("Success");
    }

    @Test
    void aPortIsJoinedToItsChannels() throws Exception {
        try (ServerSocket behind = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            pods.ports.put(80, behind.getLocalPort());
            Thread.ofVirtual().start(() -> greet(behind));
            URI address = server.portForward(CONTAINER, List.of(80));
            Session session = new Session();
            WebSocket socket = connect(address, "v4.channel.k8s.io", session);
            socket.sendBinary(message(0, "you\n"), true).join();
            // The port's server has closed its connection: nothing else can tell of that.
            session.closed.get(30, TimeUnit.SECONDS);
            assertThat(session.text(0).substring(2)).isEqualTo("hello you\n");
        }
    }

    private static void greet(ServerSocket behind) {
        try (var connection = behind.accept()) {
            StringBuilder name = new StringBuilder();
            for (int c = connection.getInputStream().read(); c != '\n'; ) {
                name.append((char) c);
                c = connection.getInputStream().read();
            }
            connection
                    .getOutputStream()
                    .write(("hello " + name + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Older clients of CRI (client-go's SPDY executor) ask so. */
    @Test
    void spdyIsSpokenToo() throws Exception {
        URI address = exec("true");
        try (var connection = new java.net.Socket("127.0.0.1", address.getPort())) {
            connection
                    .getOutputStream()
                    .write(
                            ("POST "
                                            + address.getPath()
                                            + " HTTP/1.1\r\nHost: x\r\n"
                                            + "Connection: Upgrade\r\nUpgrade: SPDY/3.1\r\n"
                                            + "X-Stream-Protocol-Version: v4.channel.k8s.io\r\n"
                                            + "Content-Length: 0\r\n\r\n")
                                    .getBytes(StandardCharsets.UTF_8));
            InputStream in = connection.getInputStream();
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.read());
            }
            assertThat(head.toString())
                    .startsWith("HTTP/1.1 101 ")
                    .containsIgnoringCase("upgrade: spdy/3.1")
                    .containsIgnoringCase("x-stream-protocol-version: v4.channel.k8s.io");
        }
    }

    @Test
    void anAddressLeadsSomewhereOnce() throws Exception {
        URI address = exec("true");
        Session session = new Session();
        connect(address, "v4.channel.k8s.io", session);
        session.closed.get(30, TimeUnit.SECONDS);
        assertThatThrownBy(() -> connect(address, "v4.channel.k8s.io", new Session()))
                .isInstanceOf(CompletionException.class);
        assertThat(status(address)).isEqualTo(404);
        assertThat(status(address.resolve("/exec/" + "A".repeat(22)))).isEqualTo(404);
        URI other = exec("true");
        String secret = other.getPath().substring("/exec/".length());
        assertThat(status(other.resolve("/attach/" + secret))).isEqualTo(404);
    }

    @Test
    void whoAsksForNoStreamsIsTold() throws Exception {
        assertThat(status(exec("true"))).isEqualTo(400);
    }

    private int status(URI address) throws Exception {
        return http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString())
                .statusCode();
    }
}
