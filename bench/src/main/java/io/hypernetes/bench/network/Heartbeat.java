package io.hypernetes.bench.network;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;

/** A datagram each millisecond to a host that sends it back, and when the last one came. */
final class Heartbeat implements AutoCloseable {

    private static final long SILENCE_NANOS = 300_000_000;

    private final DatagramChannel channel;
    private final Thread sender;

    /** By the receiving thread alone. */
    private volatile long heard = System.nanoTime();

    Heartbeat(Place from, Place to, int port) throws IOException {
        channel = from.datagrams(0);
        channel.connect(new InetSocketAddress(to.address(), port));
        sender = Thread.ofPlatform().daemon().start(this::send);
        Thread.ofPlatform().daemon().start(this::receive);
    }

    private void send() {
        ByteBuffer beat = ByteBuffer.allocate(16);
        try {
            while (true) {
                channel.write(beat.clear());
                Thread.sleep(1);
            }
        } catch (IOException | InterruptedException _) {
            return; // closed
        }
    }

    private void receive() {
        ByteBuffer beat = ByteBuffer.allocate(16);
        try {
            while (true) {
                channel.read(beat.clear());
                heard = System.nanoTime();
            }
        } catch (IOException _) {
            return; // closed
        }
    }

    /** When the last answer before a long silence came. */
    long awaitSilence() throws InterruptedException {
        while (System.nanoTime() - heard < SILENCE_NANOS) {
            Thread.sleep(5);
        }
        return heard;
    }

    /** When an answer came, after this. */
    long awaitSound(long since) throws InterruptedException {
        while (heard - since < 0) {
            Thread.sleep(0, 200_000);
        }
        return heard;
    }

    @Override
    public void close() throws IOException {
        sender.interrupt();
        channel.close();
    }
}
