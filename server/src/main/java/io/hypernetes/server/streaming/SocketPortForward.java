package io.hypernetes.server.streaming;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.server.http.Socket;
import io.hypernetes.server.http.SocketSession;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;

/**
 * The WebSocket protocol before KEP-4006: one connection for each port of the query, on channel 2n,
 * its errors on 2n+1. Both channels begin with the port's number, low byte first.
 */
record SocketPortForward(
        PodAccess pods, ObjectKey pod, List<Integer> ports, ChannelProtocol protocol)
        implements SocketSession {
    /** Ports of one session: their channels must fit a byte. */
    static final int MOST_PORTS = 64;

    private static final int BUFFER = 128 * 1024;
    private static final Logger LOG = LoggerFactory.getLogger(SocketPortForward.class);

    @Override
    public void run(Socket socket) throws IOException, InterruptedException {
        Channels channels = new Channels(socket, protocol);
        Thread heart = channels.heartbeat(channels::close);
        CountDownLatch open = new CountDownLatch(ports.size());
        // No message says that a channel has ended: the session does when the last of them has.
        Thread ending =
                Thread.ofVirtual().name("port-ends").start(() -> closeAfter(open, channels));
        List<PipedOutputStream> towardsPods = new ArrayList<>();
        try {
            for (int i = 0; i < ports.size(); i++) {
                int port = ports.get(i);
                byte[] number = {(byte) port, (byte) (port >> 8)};
                channels.send(2 * i, number);
                channels.send(2 * i + 1, number);
                PipedOutputStream towardsPod = new PipedOutputStream();
                PipedInputStream in = new PipedInputStream(towardsPod, BUFFER);
                towardsPods.add(towardsPod);
                int channel = 2 * i;
                Thread.ofVirtual()
                        .name("port-forward")
                        .start(() -> {
                            forward(channels, channel, port, in);
                            open.countDown();
                        });
            }
            receive(channels, towardsPods);
        } finally {
            heart.interrupt();
            ending.interrupt();
            for (PipedOutputStream towardsPod : towardsPods) {
                towardsPod.close();
            }
        }
    }

    private static void closeAfter(CountDownLatch open, Channels channels) {
        try {
            open.await();
            channels.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void receive(Channels channels, List<PipedOutputStream> towardsPods)
            throws InterruptedException {
        for (Optional<Channels.Message> message = channels.receive();
                message.isPresent();
                message = channels.receive()) {
            int channel = message.get().channel();
            if (channel % 2 == 0 && channel / 2 < towardsPods.size()) {
                try {
                    towardsPods.get(channel / 2).write(message.get().content());
                    towardsPods.get(channel / 2).flush();
                } catch (IOException e) {
                    LOG.debug("a forwarded port takes no more: {}", e.getMessage());
                }
            }
        }
    }

    private void forward(Channels channels, int channel, int port, PipedInputStream in) {
        try (in) {
            new ForwardedPort(pods, pod, port)
                    .run(in, channels.output(channel), channels.output(channel + 1));
        } catch (IOException e) {
            LOG.debug("a forwarded connection ended: {}", e.getMessage());
        }
    }
}
