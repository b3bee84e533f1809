package io.hypernetes.bench.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Two threads that pass a byte to and fro over loopback and have nothing to do with the server: how
 * long this machine lets anyone wait who wakes up. What the noise costs the bystander, too, is not
 * the server's doing.
 */
final class Bystander implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(5);

    private final Socket one;
    private final Socket other;

    Bystander() throws IOException {
        try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            one = new Socket(port.getInetAddress(), port.getLocalPort());
            other = port.accept();
        }
        one.setTcpNoDelay(true);
        other.setTcpNoDelay(true);
        Thread.ofPlatform().daemon().name("bystander-echo").start(this::echo);
    }

    private void echo() {
        try {
            for (int value = other.getInputStream().read();
                    value >= 0;
                    value = other.getInputStream().read()) {
                other.getOutputStream().write(value);
            }
        } catch (IOException _) {
            // closed
        }
    }

    /** What goes on until it is asked for the times, in milliseconds. */
    final class Watch {
        private final List<Double> millis = new ArrayList<>();
        private final Thread thread =
                Thread.ofPlatform().daemon().name("bystander").start(this::passOn);
        private volatile boolean ended;

        private void passOn() {
            try {
                while (!ended) {
                    long begin = System.nanoTime();
                    one.getOutputStream().write(1);
                    if (one.getInputStream().read() < 0) {
                        return;
                    }
                    millis.add((System.nanoTime() - begin) / 1e6);
                    Thread.sleep(PAUSE);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException _) {
                // nobody interrupts it
            }
        }

        List<Double> end() throws InterruptedException {
            ended = true;
            thread.join();
            return millis;
        }
    }

    Watch begin() {
        return new Watch();
    }

    @Override
    public void close() throws IOException {
        one.close();
        other.close();
    }
}
