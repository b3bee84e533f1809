package io.hypernetes.network;

import io.hypernetes.network.tap.TapChannel;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A pod's machine on its port, as far as these tests need one. */
public final class Endpoint implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long RESEND_MILLIS = 200;

    private final Port port;
    private final TapChannel tap;
    private final List<byte[]> heard = new ArrayList<>();

    public Endpoint(Port port) {
        this.port = port;
        this.tap = TapChannel.open(port.netns(), port.tap());
    }

    public Port port() {
        return port;
    }

    public String mac() {
        return port.mac();
    }

    public String ip() {
        return port.address();
    }

    /** Its address of IPv6. */
    public String ipv6() {
        return port.ips().stream().filter(ip -> ip.contains(":")).findFirst().orElseThrow();
    }

    public void send(byte[] frame) {
        tap.send(frame);
    }

    public void say(Endpoint to, String text) {
        send(Frames.udp(mac(), ip(), to.mac(), to.ip(), text));
    }

    public void sayByIpv6(Endpoint to, String text) {
        send(Frames.udp(mac(), ipv6(), to.mac(), to.ipv6(), text));
    }

    /** As {@link #reaches}, by IPv6. */
    public boolean reachesByIpv6(Endpoint to, String text) throws InterruptedException {
        return to.hears(() -> sayByIpv6(to, text), frame -> Frames.text(frame).equals(text))
                .isPresent();
    }

    /** Sends until the other hears it, since packets may be lost while flows are installed. */
    public boolean reaches(Endpoint to, String text) throws InterruptedException {
        Optional<byte[]> frame =
                to.hears(() -> say(to, text), candidate -> Frames.text(candidate).equals(text));
        return frame.isPresent();
    }

    public boolean pings(String mac, String ip) throws InterruptedException {
        return hears(() -> send(Frames.ping(mac(), ip(), mac, ip)), Frames::isPong).isPresent();
    }

    /** Asks by ARP who has the address. */
    public String resolve(String ip) throws InterruptedException {
        return hears(
                        () -> send(Frames.arp(mac(), ip(), ip)),
                        frame -> !Frames.arpAnswer(frame, ip).isEmpty())
                .map(frame -> Frames.arpAnswer(frame, ip))
                .orElse("nobody");
    }

    /** Asks by neighbour discovery who has the address of IPv6. */
    public String discover(String ip) throws InterruptedException {
        return hears(
                        () -> send(Frames.solicit(mac(), ipv6(), ip)),
                        frame -> !Frames.advertised(frame, ip).isEmpty())
                .map(frame -> Frames.advertised(frame, ip))
                .orElse("nobody");
    }

    private Optional<byte[]> hears(Runnable question, Predicate<byte[]> answer)
            throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            question.run();
            byte[] frame;
            while ((frame = tap.frames().poll(RESEND_MILLIS, TimeUnit.MILLISECONDS)) != null) {
                heard.add(frame);
                if (answer.test(frame)) {
                    return Optional.of(frame);
                }
            }
        }
        return Optional.empty();
    }

    /** Every frame since the last call, each as its text or, without one, in hexadecimal digits. */
    public List<String> drain() {
        tap.frames().drainTo(heard);
        List<String> frames =
                heard.stream()
                        .map(frame ->
                                Frames.text(frame).isEmpty()
                                        ? HexFormat.of().formatHex(frame)
                                        : Frames.text(frame))
                        .toList();
        heard.clear();
        return frames;
    }

    @Override
    public void close() {
        tap.close();
    }
}
