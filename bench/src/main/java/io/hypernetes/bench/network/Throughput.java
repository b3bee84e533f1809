package io.hypernetes.bench.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;

/** One TCP connection that is filled for some seconds. */
final class Throughput {

    private static final int PORT = 5001;
    private static final int CHUNK = 256 * 1024;

    private Throughput() {}

    /** Megabits per second, as the receiver sees them. */
    static double measure(Place from, Place to, int seconds) throws IOException {
        try (ServerSocketChannel server = to.listen(PORT);
                SocketChannel sender = from.socket()) {
            CompletableFuture<Double> received = new CompletableFuture<>();
            Thread.ofPlatform().start(() -> receive(server, received));
            sender.socket().connect(new InetSocketAddress(to.address(), PORT), 20_000);
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            while (System.nanoTime() < end) {
                sender.write(chunk.clear());
            }
            sender.shutdownOutput();
            return received.join();
        }
    }

    private static void receive(ServerSocketChannel server, CompletableFuture<Double> result) {
        try (SocketChannel client = server.accept()) {
            ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK);
            long start = System.nanoTime();
            long bytes = 0;
            int read;
            while ((read = client.read(chunk.clear())) >= 0) {
                bytes += read;
            }
            result.complete(bytes * 8e3 / (System.nanoTime() - start));
        } catch (IOException e) {
            result.completeExceptionally(e);
        }
    }
}
