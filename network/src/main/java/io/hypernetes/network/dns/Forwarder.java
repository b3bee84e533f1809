package io.hypernetes.network.dns;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Passes questions on to the operator's name servers. Every question has an id and a port of its
 * own, picked at random, and an answer is believed only with both and the same question, from the
 * server that was asked: nobody can answer for it by guessing (RFC 5452). Nothing is kept, so one
 * tenant cannot leave anything for another.
 */
public final class Forwarder implements Upstream {

    private static final int TIMEOUT_MILLIS = 2_000;
    private static final int AT_ONCE = 256;
    private static final int LARGEST = 65_535;
    private static final int HEADER = 12;

    private final List<InetSocketAddress> servers;
    private final Semaphore seats = new Semaphore(AT_ONCE);
    private final SecureRandom random = new SecureRandom();

    /**
     * @param servers asked in this order
     */
    public Forwarder(List<InetSocketAddress> servers) {
        this.servers = List.copyOf(servers);
    }

    @Override
    public Optional<byte[]> ask(byte[] query, boolean overTcp) {
        if (!seats.tryAcquire()) {
            return Optional.empty();
        }
        try {
            for (InetSocketAddress server : servers) {
                Optional<byte[]> answer = ask(server, query, overTcp);
                if (answer.isPresent()) {
                    return answer;
                }
            }
            return Optional.empty();
        } finally {
            seats.release();
        }
    }

    private Optional<byte[]> ask(InetSocketAddress server, byte[] query, boolean overTcp) {
        byte[] mine = query.clone();
        int id = random.nextInt(1 << 16);
        mine[0] = (byte) (id >> 8);
        mine[1] = (byte) id;
        try {
            byte[] answer = overTcp ? tcp(server, mine) : udp(server, mine);
            answer[0] = query[0];
            answer[1] = query[1];
            return Optional.of(answer);
        } catch (IOException e) {
            return Optional.empty(); // the next one may know
        }
    }

    private static byte[] udp(InetSocketAddress server, byte[] query) throws IOException {
        long end = System.nanoTime() + TIMEOUT_MILLIS * 1_000_000L;
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(server);
            socket.send(new DatagramPacket(query, query.length));
            byte[] bytes = new byte[LARGEST];
            while (true) {
                long left = (end - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw new IOException("no answer from " + server);
                }
                socket.setSoTimeout((int) left);
                DatagramPacket packet = new DatagramPacket(bytes, bytes.length);
                socket.receive(packet);
                byte[] answer = Arrays.copyOf(bytes, packet.getLength());
                if (answers(answer, query)) {
                    return answer;
                }
            }
        }
    }

    private static byte[] tcp(InetSocketAddress server, byte[] query) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(server, TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(query.length);
            out.write(query);
            out.flush();
            DataInputStream in = new DataInputStream(socket.getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            if (!answers(answer, query)) {
                throw new IOException(server + " answers something else");
            }
            return answer;
        }
    }

    /** The same id, a response, and the same question, byte for byte. */
    private static boolean answers(byte[] answer, byte[] query) {
        int end = endOfQuestion(query);
        return answer.length >= end
                && answer[0] == query[0]
                && answer[1] == query[1]
                && answer[2] < 0
                && answer[4] == query[4]
                && answer[5] == query[5]
                && Arrays.equals(answer, HEADER, end, query, HEADER, end);
    }

    /** The query was parsed before, so its one name ends with a zero and is not compressed. */
    static int endOfQuestion(byte[] query) {
        int at = HEADER;
        while (query[at] != 0) {
            at += query[at] + 1;
        }
        return at + 5;
    }
}
