package io.hypernetes.bench.network;

import io.hypernetes.bench.Scratch;
import io.hypernetes.network.Port;
import io.hypernetes.network.ovn.OvnDaemons;
import io.hypernetes.network.process.Command;
import io.hypernetes.network.tap.Netns;
import io.hypernetes.network.tap.Veth;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A host on a switch: a network namespace with a kernel's TCP/IP, on a cable. Both go when the
 * program ends.
 */
final class Place {

    private final Netns netns;
    private final String address;

    private Place(Netns netns, String address) {
        this.netns = netns;
        this.address = address;
    }

    /** In the place of the pod's TAP: the cable has the port's name. */
    static Place ofPod(OvnDaemons daemons, Port port) throws IOException {
        String cable = "bp" + port.tap().substring(2);
        Place place = wired(daemons, cable, port.mac(), port.address() + "/24", port.mtu());
        place.ip("route", "add", "default", "via", port.addresses().getFirst().gateway());
        String id = port.id().tenant() + "/" + port.id().podUid();
        vsctl(
                daemons,
                "--if-exists",
                "del-port",
                port.tap(),
                "--",
                "add-port",
                "br-int",
                cable,
                "--",
                "set",
                "Interface",
                cable,
                "external_ids:iface-id=" + id);
        return place;
    }

    /** On a bridge that does what switches do, and nothing else. */
    static Place ofBridge(OvnDaemons daemons, String bridge, int number, int mtu)
            throws IOException {
        String cable = "bq" + number;
        String mac = "02:00:00:00:00:%02x".formatted(number);
        Place place = wired(daemons, cable, mac, "10.77.0." + number + "/24", mtu);
        vsctl(daemons, "add-port", bridge, cable);
        return place;
    }

    private static Place wired(
            OvnDaemons daemons, String cable, String mac, String address, int mtu)
            throws IOException {
        Netns netns = new Netns("hnb-" + cable + "-" + ProcessHandle.current().pid());
        Scratch.closing(netns::delete);
        netns.createForServers();
        new Veth(daemons.netns(), cable, netns).ensure(mac, List.of(address), mtu, List.of());
        return new Place(netns, address.substring(0, address.indexOf('/')));
    }

    static void vsctl(OvnDaemons daemons, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("ovs-vsctl", "--timeout=20"));
        command.add("--db=" + daemons.openVswitch().text());
        command.addAll(List.of(words));
        Command.of(command.toArray(String[]::new)).run();
    }

    private void ip(String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of("ip", "-n", netns.name()));
        command.addAll(List.of(words));
        Command.of(command.toArray(String[]::new)).run();
    }

    String address() {
        return address;
    }

    ServerSocketChannel listen(int port) throws IOException {
        return netns.call(() ->
                ServerSocketChannel.open(StandardProtocolFamily.INET)
                        .bind(new InetSocketAddress(address, port)));
    }

    /** Says a word to everybody who connects. */
    void serve(int port, String word) throws IOException {
        ServerSocketChannel server = listen(port);
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (true) {
                            try (SocketChannel client = server.accept()) {
                                client.write(bytes(word));
                            }
                        }
                    } catch (IOException _) {
                        return; // the namespace goes
                    }
                });
    }

    /** Sends datagrams back. */
    void echo(int port) throws IOException {
        DatagramChannel channel = datagrams(port);
        Thread.ofVirtual()
                .start(() -> {
                    ByteBuffer buffer = ByteBuffer.allocate(2048);
                    try {
                        while (true) {
                            var sender = channel.receive(buffer.clear());
                            channel.send(buffer.flip(), sender);
                        }
                    } catch (IOException _) {
                        return; // the namespace goes
                    }
                });
    }

    DatagramChannel datagrams(int port) throws IOException {
        return netns.call(() ->
                DatagramChannel.open(StandardProtocolFamily.INET)
                        .bind(new InetSocketAddress(address, port)));
    }

    SocketChannel socket() throws IOException {
        return netns.call(() -> SocketChannel.open(StandardProtocolFamily.INET));
    }

    /** What is said there; empty when nobody is. */
    String ask(String ip, int port, int patienceMillis) {
        try (SocketChannel channel = socket()) {
            channel.socket().connect(new InetSocketAddress(ip, port), patienceMillis);
            channel.socket().setSoTimeout(patienceMillis);
            byte[] word = channel.socket().getInputStream().readNBytes(1);
            return new String(word, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    private static ByteBuffer bytes(String word) {
        return ByteBuffer.wrap(word.getBytes(StandardCharsets.UTF_8));
    }
}
