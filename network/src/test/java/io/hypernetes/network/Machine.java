package io.hypernetes.network;

import io.hypernetes.network.tap.TapChannel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * A pod's machine with a kernel's TCP/IP: a network namespace whose interface is wired to the pod's
 * TAP, frame by frame, as a virtual machine's is.
 */
public final class Machine extends Host {

    private final Port port;
    private final TapChannel inside;
    private final TapChannel outside;
    private final List<Thread> wires = new ArrayList<>();

    public Machine(Port port) {
        super("hnt-" + port.tap());
        this.port = port;
        try {
            ip("tuntap", "add", "dev", "eth0", "mode", "tap");
            ip("link", "set", "eth0", "address", port.mac(), "mtu", "" + port.mtu(), "up");
            for (Port.Address address : port.addresses()) {
                String cidr = address.ip() + "/" + address.prefixLength();
                if (address.ip().contains(":")) { // nobody else has it: that need not be found out
                    ip("addr", "add", cidr, "dev", "eth0", "nodad");
                } else {
                    ip("addr", "add", cidr, "dev", "eth0");
                }
                ip("route", "add", "default", "via", address.gateway());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.inside = TapChannel.open(netns().path().toString(), "eth0");
        this.outside = TapChannel.open(port.netns(), port.tap());
        wire(inside, outside);
        wire(outside, inside);
    }

    private void wire(TapChannel from, TapChannel to) {
        wires.add(
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                while (true) {
                                    to.send(from.frames().take());
                                }
                            } catch (InterruptedException _) {
                                return; // closed
                            }
                        }));
    }

    public String ip() {
        return port.address();
    }

    /** Its address of IPv6. */
    public String ipv6() {
        return port.ips().stream().filter(ip -> ip.contains(":")).findFirst().orElseThrow();
    }

    public Port port() {
        return port;
    }

    @Override
    public Machine serveTcp(int number, String text) throws IOException {
        super.serveTcp(number, text);
        return this;
    }

    @Override
    public Machine serveUdp(int number, String text) throws IOException {
        super.serveUdp(number, text);
        return this;
    }

    @Override
    public void close() throws Exception {
        for (Thread wire : wires) {
            wire.interrupt();
            wire.join();
        }
        inside.close();
        outside.close();
        super.close();
    }
}
