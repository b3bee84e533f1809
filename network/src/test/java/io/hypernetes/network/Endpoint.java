package io.hypernetes.network;

import io.hypernetes.network.tap.TapChannel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A pod's machine on its port, as far as these tests need one. */
final class Endpoint implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long RESEND_MILLIS = 200;

    private final Port port;
    private final TapChannel tap;

    Endpoint(Port port) {
        this.port = port;
        this.tap = TapChannel.open(port.netns(), port.tap());
    }

    Port port() {
        return port;
    }

    String mac() {
        return port.mac();
    }

    String ip() {
        return port.address();
    }

    void send(byte[] frame) {
        tap.send(frame);
    }

    void say(Endpoint to, String text) {
        send(Frames.udp(mac(), ip(), to.mac(), to.ip(), text));
    }

    /** Sends until the other hears it, since packets may be lost while flows are installed. */
    boolean reaches(Endpoint to, String text) throws InterruptedException {
        return asking(() -> say(to, text), to, frame -> Frames.text(frame).equals(text), PATIENCE);
    }

    boolean pings(String mac, String ip) throws InterruptedException {
        return asking(
                () -> send(Frames.ping(mac(), ip(), mac, ip)), this, Frames::isPong, PATIENCE);
    }

    boolean learns(String mac, String ip) throws InterruptedException {
        return asking(
                () -> send(Frames.arp(mac(), ip(), ip)),
                this,
                frame -> Frames.arpAnswer(frame, ip).equals(mac),
                PATIENCE);
    }

    private static boolean asking(
            Runnable question, Endpoint listener, Predicate<byte[]> answer, Duration patience)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < end) {
            question.run();
            byte[] frame;
            while ((frame = listener.tap.frames().poll(RESEND_MILLIS, TimeUnit.MILLISECONDS))
                    != null) {
                if (answer.test(frame)) {
                    return true;
                }
            }
        }
        return false;
    }

    /** All frames that have come and were not looked at. */
    List<byte[]> drain() {
        List<byte[]> frames = new ArrayList<>();
        tap.frames().drainTo(frames);
        return frames;
    }

    @Override
    public void close() {
        tap.close();
    }
}
