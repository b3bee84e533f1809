package io.hypernetes.bench.network;

import io.hypernetes.bench.Samples;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;

/** Questions to a network's name server, one after the other. */
final class Names {

    private static final int DNS = 53;
    private static final int LOST_MILLIS = 1_000;

    private Names() {}

    static Samples ask(Place pod, String server, String name, int count)
            throws IOException, InterruptedException {
        Samples samples = new Samples();
        byte[] answer = new byte[2048];
        try (DatagramChannel channel = pod.datagrams(0)) {
            channel.connect(new InetSocketAddress(server, DNS));
            channel.socket().setSoTimeout(LOST_MILLIS);
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                channel.write(ByteBuffer.wrap(question(i, name)));
                try {
                    channel.socket().receive(new DatagramPacket(answer, answer.length));
                } catch (SocketTimeoutException e) {
                    System.err.println("question " + i + " was lost"); // counted as a second
                }
                samples.add(System.nanoTime() - start);
                Thread.sleep(1); // a network may ask 2,000 a second
            }
        }
        return samples;
    }

    /** RFC 1035, section 4: one question of type A. */
    private static byte[] question(int id, String name) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {(byte) (id >> 8), (byte) id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
        for (String label : name.split("[.]")) {
            bytes.write(label.length());
            bytes.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
        }
        bytes.writeBytes(new byte[] {0, 0, 1, 0, 1});
        return bytes.toByteArray();
    }
}
