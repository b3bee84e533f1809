package io.hypernetes.network.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/** The client against a server whose every word the test chooses. */
class OvsdbClientIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir Path directory;

    private ServerSocketChannel server;
    private OvsdbClient client;

    @BeforeEach
    void listen() throws IOException {
        Path socket = directory.resolve("db.sock");
        server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        client = new OvsdbClient(new Remote.Socket(socket), "db", PATIENCE);
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
    }

    /** The server's side of one connection. */
    private record Session(SocketChannel channel, List<String> requests) {

        String read() throws IOException {
            MessageSplitter splitter =
                    new MessageSplitter(
                            10_000, b -> requests.add(new String(b, StandardCharsets.UTF_8)));
            ByteBuffer one = ByteBuffer.allocate(1);
            while (requests.isEmpty() && channel.read(one.clear()) >= 0) {
                splitter.feed(one.flip());
            }
            return requests.removeFirst();
        }

        void write(String text) throws IOException {
            byte[] bytes = text.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
            channel.write(ByteBuffer.wrap(bytes));
        }

        void answer(String request, String result) throws IOException {
            String id = request.replaceAll(".*\"id\":(\\d+).*", "$1");
            write("{'id':" + id + ",'error':null,'result':" + result + "}");
        }
    }

    private Session accept() throws IOException {
        return new Session(server.accept(), new ArrayList<>());
    }

    private static List<String> names(Replica replica) {
        return replica.rows("T").stream().map(row -> row.text("name")).toList();
    }

    @Test
    void answersTheServersEcho() throws IOException {
        Session session = accept();
        session.write("{'id':'echo','method':'echo','params':['x']}");

        assertThat(session.read())
                .contains("\"id\":\"echo\"", "\"result\":[\"x\"]", "\"error\":null");
    }

    @Test
    void readsEverythingAnewAfterALoss() throws Exception {
        Session first = accept();
        CompletableFuture<Replica> filling =
                CompletableFuture.supplyAsync(
                        () -> client.replicate(Map.of("T", List.of("name"))),
                        Executors.newVirtualThreadPerTaskExecutor());
        first.answer(first.read(), "{'T':{'u1':{'new':{'name':'old'}}}}");
        Replica replica = filling.join();
        assertThat(names(replica)).containsExactly("old");

        first.channel().close();
        Session second = accept();
        String request = second.read();
        second.answer(request, "{'T':{'u2':{'new':{'name':'new'}}}}");
        String monitor = request.replaceAll(".*\"(m\\d+)\".*", "$1");
        second.write(
                "{'id':null,'method':'update','params':['%s',{'T':{'u3':{'new':{'name':'newer'}}}}]}"
                        .formatted(monitor));

        Optional<Boolean> both =
                replica.await(
                        "T", rows -> Optional.of(true).filter(_ -> rows.size() == 2), PATIENCE);
        assertThat(both).isPresent();
        assertThat(names(replica)).containsExactlyInAnyOrder("new", "newer");
    }

    @Test
    void callThatMeetsALossSaysSo() throws Exception {
        Session session = accept();
        CompletableFuture<Results> call =
                CompletableFuture.supplyAsync(
                        () -> client.transact(new Transaction()),
                        Executors.newVirtualThreadPerTaskExecutor());
        session.read();
        session.channel().close();

        assertThatThrownBy(call::join)
                .rootCause()
                .isInstanceOfSatisfying(
                        OvsdbException.class,
                        e -> assertThat(e.reason()).isEqualTo(OvsdbException.Reason.DISCONNECTED));
    }

    @Test
    void nonsenseFromTheServerEndsTheConnectionAndANewOneIsMade() throws IOException {
        accept().write("nonsense");

        assertThat(accept().channel().isOpen()).isTrue();
    }
}
