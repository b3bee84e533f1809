package io.hypernetes.network.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.network.Machine;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.NetworkSpec;
import io.hypernetes.network.Port;
import io.hypernetes.network.PortId;
import io.hypernetes.network.dns.DnsServers;
import io.hypernetes.network.dns.Upstream;
import io.hypernetes.network.dns.World;
import io.hypernetes.network.ovn.Datapath;
import io.hypernetes.network.ovn.OvnDaemons;
import io.hypernetes.network.ovn.OvnEngine;
import io.hypernetes.network.tap.Netns;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Names and the API inside networks of two tenants with the same addresses. */
class ServedNetworksIT {

    private static final NetworkId ACME = new NetworkId("acme", "default");
    private static final NetworkId GLOBEX = new NetworkId("globex", "default");
    private static final String NAME_SERVER = "10.0.0.2";

    @TempDir Path directory;

    private final World world = new World();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private OvnDaemons daemons;
    private ServerSocket api;
    private NetworkEngine engine;

    @BeforeEach
    void start() throws IOException {
        daemons = new OvnDaemons(directory.resolve("ovn"), Datapath.best());
        daemons.start();
        api = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::serveApi);
        engine =
                new ServedNetworks(
                        new OvnEngine(daemons),
                        List.of(
                                new DnsServers(world.dns(Upstream.NONE)),
                                new ApiForwarder(
                                        () ->
                                                new InetSocketAddress(
                                                        api.getInetAddress(), api.getLocalPort()),
                                        ServiceRanges.DEFAULT)),
                        _ -> {});
        for (NetworkId network : List.of(ACME, GLOBEX)) {
            engine.ensureNetwork(new NetworkSpec(network, "10.0.0.0/24", "10.0.0.1"));
        }
    }

    private void serveApi() {
        while (!api.isClosed()) {
            try (var client = api.accept()) {
                client.getOutputStream().write("the API".getBytes(StandardCharsets.UTF_8));
            } catch (IOException _) {
                return; // closed
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable machine : opened.reversed()) {
            machine.close();
        }
        engine.close();
        api.close();
        world.close();
        daemons.purge();
    }

    private Machine pod(NetworkId network, String uid) {
        Port port = engine.attach(network, new PortId(network.tenant(), uid));
        Machine machine = new Machine(port);
        opened.add(machine);
        engine.awaitReady(port);
        return machine;
    }

    private static byte[] query(String name) throws IOException {
        return Message.newQuery(Record.newRecord(Name.fromString(name), Type.A, DClass.IN))
                .toWire();
    }

    private static String address(byte[] answer) throws IOException {
        List<Record> records = new Message(answer).getSection(Section.ANSWER);
        assertThat(records).hasSize(1);
        return records.getFirst().rdataToString();
    }

    private static String lookUp(Machine pod, String name) throws IOException {
        return address(pod.askUdp(pod.port().nameServer(), 53, query(name), 20).orElseThrow());
    }

    @Test
    void podsAskTheNameServerOfTheirOwnNetwork() throws Exception {
        Machine acme = pod(ACME, "a");
        Machine globex = pod(GLOBEX, "g");
        assertThat(acme.port().nameServer()).isEqualTo(NAME_SERVER);

        assertThat(lookUp(acme, "shop.web.svc.cluster.local.")).isEqualTo("10.96.0.20");
        assertThat(lookUp(globex, "shop.web.svc.cluster.local.")).isEqualTo("10.96.0.77");
        assertThat(overTcp(acme, "shop.web.svc.cluster.local.")).isEqualTo("10.96.0.20");
    }

    @Test
    void podsOfAllSubnetsAskTheOneNameServer() throws Exception {
        NetworkId wide = new NetworkId("acme", "wide");
        NetworkSpec.Range first = new NetworkSpec.Range("10.8.0.0/29", "10.8.0.1");
        NetworkSpec.Range second = new NetworkSpec.Range("10.9.0.0/24", "10.9.0.1");
        engine.ensureNetwork(new NetworkSpec(wide, first, List.of(second)));
        for (String filler : List.of("x", "y", "z")) {
            engine.attach(wide, new PortId("acme", filler));
        }
        Machine far = pod(wide, "far");
        assertThat(far.ip()).startsWith("10.9.0.");
        assertThat(lookUp(far, "shop.web.svc.cluster.local.")).isEqualTo("10.96.0.20");
        assertThat(overTcp(far, "shop.web.svc.cluster.local.")).isEqualTo("10.96.0.20");
    }

    @Test
    void aSubnetThatIsAddedLaterIsServedToo() throws Exception {
        NetworkId growing = new NetworkId("acme", "growing");
        NetworkSpec.Range first = new NetworkSpec.Range("10.8.0.0/29", "10.8.0.1");
        NetworkSpec.Range second = new NetworkSpec.Range("10.9.0.0/24", "10.9.0.1");
        NetworkSpec.Range six = new NetworkSpec.Range("fd00:8::/64", "fd00:8::1");
        engine.ensureNetwork(new NetworkSpec(growing, first, List.of()));
        Machine near = pod(growing, "near");
        for (String filler : List.of("x", "y")) {
            engine.attach(growing, new PortId("acme", filler));
        }
        engine.ensureNetwork(new NetworkSpec(growing, first, List.of(second, six)));
        Machine far = pod(growing, "far");
        assertThat(far.port().ips()).containsExactly("10.9.0.3", "fd00:8::3");
        assertThat(lookUp(far, "shop.web.svc.cluster.local.")).isEqualTo("10.96.0.20");
        assertThat(lookUp(near, "shop.web.svc.cluster.local.")).isEqualTo("10.96.0.20");
        assertThat(far.ask("fd00:10:96::1", 443)).isEqualTo("the API");
        assertThat(far.ask("10.96.0.1", 443)).isEqualTo("the API");
    }

    @Test
    void aNetworkOfIpv6AloneIsServed() throws Exception {
        NetworkId alone = new NetworkId("acme", "six");
        engine.ensureNetwork(new NetworkSpec(alone, "fd00:8::/64", "fd00:8::1"));
        Machine pod = pod(alone, "six");
        assertThat(pod.port().nameServer()).isEqualTo("fd00:8::2");
        assertThat(lookUp(pod, "shop.web.svc.cluster.local.")).isEqualTo("10.96.0.20");
        assertThat(overTcp(pod, "shop.web.svc.cluster.local.")).isEqualTo("10.96.0.20");
        assertThat(pod.ask("fd00:10:96::1", 443)).isEqualTo("the API");
    }

    private static String overTcp(Machine pod, String name) throws IOException {
        try (SocketChannel channel =
                pod.connect(pod.port().nameServer(), 53, Duration.ofSeconds(20))) {
            byte[] query = query(name);
            ByteBuffer framed = ByteBuffer.allocate(2 + query.length);
            channel.write(framed.putShort((short) query.length).put(query).flip());
            DataInputStream in = new DataInputStream(channel.socket().getInputStream());
            byte[] answer = new byte[in.readUnsignedShort()];
            in.readFully(answer);
            return address(answer);
        }
    }

    @Test
    void theApiIsReachedAtItsServiceAddressAndNothingElseOfTheMachineIs() throws Exception {
        Machine pod = pod(ACME, "a");
        assertThat(pod.ask("10.96.0.1", 443)).isEqualTo("the API");
        for (int port : new int[] {22, 443, api.getLocalPort()}) {
            assertThatThrownBy(() -> pod.ask(NAME_SERVER, port))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void aNetworkIsServedWhilePodsAreOnItAndAfterARestart() throws Exception {
        Machine first = pod(ACME, "a");
        assertThat(Netns.startingWith(daemons.netns().name() + "-")).hasSize(1);
        lookUp(first, "shop.web.svc.cluster.local.");

        engine.close(); // the program ends, the machines go on
        engine =
                new ServedNetworks(
                        new OvnEngine(daemons),
                        List.of(new DnsServers(world.dns(Upstream.NONE))),
                        _ -> {});
        engine.awaitReady(engine.attach(ACME, first.port().id()));
        assertThat(lookUp(first, "shop.web.svc.cluster.local.")).isEqualTo("10.96.0.20");

        engine.detach(first.port().id());
        assertThat(Netns.startingWith(daemons.netns().name() + "-")).isEmpty();
    }

    @Test
    void aFloodOfOneTenantLeavesTheOtherItsAnswers() throws Exception {
        Machine acme = pod(ACME, "a");
        Machine globex = pod(GLOBEX, "g");
        lookUp(acme, "shop.web.svc.cluster.local.");
        byte[] query = query("shop.web.svc.cluster.local.");
        Thread flood = acme.flood(NAME_SERVER, 53, query);
        try {
            for (int i = 0; i < 50; i++) {
                assertThat(lookUp(globex, "shop.web.svc.cluster.local.")).isEqualTo("10.96.0.77");
            }
        } finally {
            flood.interrupt();
            flood.join();
        }
    }
}
