package io.hypernetes.runtime.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/** A guest that was taken over can end its own channel and nothing else. */
class HostileGuestTest {

    @TempDir Path directory;

    /** Answers the greeting as it should, then gives every further frame to the misbehaviour. */
    private RemoteAgent against(BiConsumer<Frame, SocketChannel> misbehaviour) throws Exception {
        Path path = directory.resolve("agent");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(path));
        Thread.ofVirtual()
                .start(() -> {
                    try (server;
                            SocketChannel socket = server.accept()) {
                        serve(socket, misbehaviour);
                    } catch (IOException e) {
                        // the host has hung up, as it should
                    }
                });
        return RemoteAgent.connect(path, "hostile", Duration.ofSeconds(5), () -> true);
    }

    private static void serve(SocketChannel socket, BiConsumer<Frame, SocketChannel> misbehaviour)
            throws IOException {
        FrameCodec.Decoder decoder = new FrameCodec.Decoder();
        ByteBuffer buffer = ByteBuffer.allocate(65536);
        while (socket.read(buffer.clear()) >= 0) {
            decoder.feed(
                    buffer.flip(),
                    frame -> {
                        if (frame.type() == Frame.HELLO) {
                            FieldReader in = new FieldReader(frame.payload());
                            in.i32();
                            Fields welcome = new Fields().raw(in.raw(16)).u32(1);
                            send(socket, new Frame(Frame.WELCOME, 0, welcome.bytes()));
                        } else {
                            misbehaviour.accept(frame, socket);
                        }
                    });
        }
    }

    private static void send(SocketChannel socket, Frame frame) {
        ByteBuffer bytes = ByteBuffer.wrap(FrameCodec.encode(frame));
        try {
            while (bytes.hasRemaining()) {
                socket.write(bytes);
            }
        } catch (IOException e) {
            // the host has hung up, as it should
        }
    }

    @Test
    void moreOutputThanTheWindowEndsTheChannel() throws Exception {
        try (RemoteAgent agent =
                against((frame, socket) -> {
                    send(socket, new Frame(Frame.REPLY, frame.id(), new byte[1]));
                    Fields flood = new Fields().u8(0).raw(new byte[30_000]);
                    for (int i = 0; i < 20; i++) {
                        send(socket, new Frame(Frame.DATA, frame.id(), flood.bytes()));
                    }
                })) {
            agent.connect(80, Duration.ofSeconds(5));

            AgentException end = agent.end().get(5, TimeUnit.SECONDS);

            assertThat(end.reason()).isEqualTo(AgentException.Reason.LOST);
            assertThat(end).hasMessageContaining("more bytes than its window");
            assertThatThrownBy(agent::stats).isInstanceOf(AgentException.class);
        }
    }

    @Test
    void aListThatIsLongerThanItsMessageEndsTheChannel() throws Exception {
        try (RemoteAgent agent =
                against((frame, socket) ->
                        send(
                                socket,
                                new Frame(
                                        Frame.REPLY,
                                        frame.id(),
                                        new Fields().u8(0).u32(0x7fffffff).bytes())))) {
            assertThatThrownBy(agent::containers)
                    .isInstanceOf(AgentException.class)
                    .hasMessageContaining("a count of 2147483647");
            assertThat(agent.end().get(5, TimeUnit.SECONDS).reason())
                    .isEqualTo(AgentException.Reason.LOST);
        }
    }

    @Test
    void aGuestThatDoesNotAnswerTheGreetingIsGivenUp() {
        Path path = directory.resolve("agent");
        assertThatThrownBy(
                        () -> {
                            try (ServerSocketChannel server =
                                    ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
                                server.bind(UnixDomainSocketAddress.of(path));
                                RemoteAgent.connect(
                                        path, "silent", Duration.ofMillis(100), () -> true);
                            }
                        })
                .isInstanceOfSatisfying(
                        AgentException.class,
                        e -> assertThat(e.reason()).isEqualTo(AgentException.Reason.TIMEOUT));
    }

    @Property(tries = 500)
    void noPayloadBreaksTheParserOtherwiseThanByABreach(@ForAll byte[] payload) {
        try {
            ContainerFields.status(new FieldReader(payload));
            ContainerFields.stats(new FieldReader(payload));
        } catch (BreachException e) {
            assertThat(e).hasMessageStartingWith("the guest broke the protocol");
        }
    }
}
