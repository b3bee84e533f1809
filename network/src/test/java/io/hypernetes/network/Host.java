package io.hypernetes.network;

import io.hypernetes.network.process.Command;
import io.hypernetes.network.tap.Netns;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A host with a kernel's TCP/IP: a network namespace, and sockets in it. */
public class Host implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 20_000;

    private final Netns netns;
    private final List<AutoCloseable> servers = new ArrayList<>();

    /** Makes the namespace. */
    public Host(String name) {
        this.netns = new Netns(name);
        try {
            Command.of("ip", "netns", "add", name).run();
            ip("link", "set", "lo", "up");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public final Netns netns() {
        return netns;
    }

    /** The command, inside. */
    public final void ip(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "-n", netns.name()));
        command.addAll(List.of(words));
        Command.of(command.toArray(String[]::new)).run();
    }

    /** Answers every connection with this text, and each line after it with itself. */
    public Host serveTcp(int number, String text) throws IOException {
        ServerSocketChannel server =
                netns.call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(number)));
        servers.add(server);
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (true) {
                            SocketChannel client = server.accept();
                            Thread.ofVirtual().start(() -> answer(client, text));
                        }
                    } catch (IOException _) {
                        return; // closed
                    }
                });
        return this;
    }

    /** Tells everybody who connects the address that is seen of them. */
    public Host tellPeers(int number) throws IOException {
        ServerSocketChannel server =
                netns.call(() -> ServerSocketChannel.open().bind(new InetSocketAddress(number)));
        servers.add(server);
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (true) {
                            SocketChannel client = server.accept();
                            InetSocketAddress peer = (InetSocketAddress) client.getRemoteAddress();
                            String seen = peer.getAddress().getHostAddress();
                            Thread.ofVirtual().start(() -> answer(client, seen));
                        }
                    } catch (IOException _) {
                        return; // closed
                    }
                });
        return this;
    }

    private static void answer(SocketChannel client, String text) {
        try (client) {
            client.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            ByteBuffer bytes = ByteBuffer.allocate(256);
            while (client.read(bytes.clear()) > 0) {
                client.write(bytes.flip());
            }
        } catch (IOException _) {
            return; // the client has gone
        }
    }

    /** Answers every datagram with this text. */
    public Host serveUdp(int number, String text) throws IOException {
        DatagramChannel server = datagrams(number);
        servers.add(server);
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (true) {
                            var client = server.receive(ByteBuffer.allocate(16 * 1024));
                            server.send(
                                    ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), client);
                        }
                    } catch (IOException _) {
                        return; // closed
                    }
                });
        return this;
    }

    private DatagramChannel datagrams(int number) throws IOException {
        return netns.call(() -> DatagramChannel.open().bind(new InetSocketAddress(number)));
    }

    /** An open connection; the caller closes it. */
    public SocketChannel connect(String ip, int number, Duration patience) throws IOException {
        SocketChannel channel = netns.call(() -> SocketChannel.open());
        try {
            channel.socket().connect(new InetSocketAddress(ip, number), (int) patience.toMillis());
            channel.socket().setSoTimeout(PATIENCE_MILLIS);
            return channel;
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /** What the server says first. */
    public String ask(String ip, int number) throws IOException {
        return ask(ip, number, Duration.ofMillis(PATIENCE_MILLIS));
    }

    public String ask(String ip, int number, Duration patience) throws IOException {
        try (SocketChannel channel = connect(ip, number, patience)) {
            channel.socket().setSoTimeout((int) patience.toMillis());
            return read(channel);
        }
    }

    public static String read(SocketChannel channel) throws IOException {
        byte[] bytes = new byte[2048];
        int length = channel.socket().getInputStream().read(bytes);
        return new String(bytes, 0, Math.max(0, length), StandardCharsets.UTF_8);
    }

    /** What comes back for a datagram, asked several times as UDP may lose some. */
    public Optional<byte[]> askUdp(String ip, int number, byte[] question, int tries)
            throws IOException {
        try (DatagramChannel channel = datagrams(0)) {
            channel.connect(new InetSocketAddress(ip, number));
            channel.socket().setSoTimeout(500);
            byte[] bytes = new byte[16 * 1024];
            for (int i = 0; i < tries; ) {
                channel.write(ByteBuffer.wrap(question));
                var packet = new DatagramPacket(bytes, bytes.length);
                try {
                    channel.socket().receive(packet);
                    return Optional.of(Arrays.copyOf(bytes, packet.getLength()));
                } catch (SocketTimeoutException _) {
                    i++; // lost, and half a second with it
                }
            }
            return Optional.empty();
        }
    }

    /** Sends as fast as it can, and listens to nothing, until it is interrupted. */
    public Thread flood(String ip, int number, byte[] datagram) throws IOException {
        DatagramChannel channel = datagrams(0);
        InetSocketAddress to = new InetSocketAddress(ip, number);
        return Thread.ofPlatform()
                .start(() -> {
                    try (channel) {
                        while (!Thread.currentThread().isInterrupted()) {
                            channel.send(ByteBuffer.wrap(datagram), to);
                        }
                    } catch (IOException _) {
                        return; // interrupted
                    }
                });
    }

    public String askUdp(String ip, int number) throws IOException {
        return askUdp(ip, number, new byte[] {1}, 20)
                .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
                .orElse("silence");
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable server : servers) {
            server.close();
        }
        netns.delete();
    }
}
