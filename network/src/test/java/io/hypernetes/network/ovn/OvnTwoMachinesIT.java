package io.hypernetes.network.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.network.Endpoint;
import io.hypernetes.network.Frames;
import io.hypernetes.network.Machine;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.NetworkSpec;
import io.hypernetes.network.PolicyEngine.Direction;
import io.hypernetes.network.PolicyEngine.Policy;
import io.hypernetes.network.PolicyId;
import io.hypernetes.network.Port;
import io.hypernetes.network.PortId;
import io.hypernetes.network.ServiceEngine.Affinity;
import io.hypernetes.network.ServiceId;
import io.hypernetes.network.VirtualServer;
import io.hypernetes.network.VirtualServer.Backend;
import io.hypernetes.network.VirtualServer.Protocol;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.OvsdbException;
import io.hypernetes.network.ovsdb.OvsdbException.Reason;
import io.hypernetes.network.ovsdb.Remote;
import io.hypernetes.network.ovsdb.TlsFiles;
import io.hypernetes.network.ovsdb.Transaction;
import io.hypernetes.network.ovsdb.Transaction.Condition;
import io.hypernetes.network.process.Command;
import io.hypernetes.network.tap.Netns;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** A tenant's networks over two machines, each with a switch of its own. */
class OvnTwoMachinesIT {

    private static final NetworkId ACME = new NetworkId("acme", "default");
    private static final NetworkId GLOBEX = new NetworkId("globex", "default");
    private static final ServiceId SHOP = new ServiceId("acme", "web", "shop");
    private static final String VIP = "10.96.0.20";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofSeconds(2);

    @TempDir static Path directory;

    private static TwoMachines machines;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private NetworkEngine first;
    private NetworkEngine second;

    @BeforeAll
    static void start() throws Exception {
        String wire = "hnu" + ProcessHandle.current().pid();
        machines = TwoMachines.start(directory, wire, loopback(77), 1500);
    }

    /** An address of this machine that no other run of this test has. */
    private static String loopback(int block) {
        long pid = ProcessHandle.current().pid();
        return "127.%d.%d.%d".formatted(block, pid >> 8 & 0xff, pid & 0xff);
    }

    @AfterAll
    static void stop() {
        machines.close();
    }

    @BeforeEach
    void openEngines() {
        first = new OvnEngine(machines.first());
        second = new OvnEngine(machines.second());
        for (NetworkId network : List.of(ACME, GLOBEX)) {
            first.ensureNetwork(new NetworkSpec(network, "10.0.0.0/24", "10.0.0.1"));
        }
    }

    @AfterEach
    void removeEverything() throws Exception {
        for (AutoCloseable resource : opened.reversed()) {
            resource.close();
        }
        first.services().services().forEach(first.services()::deleteService);
        first.policies().policies().forEach(first.policies()::deletePolicy);
        second.ports().forEach(second::detach);
        first.networks().forEach(first::deleteNetwork);
        second.close();
        first.close();
    }

    private Machine pod(NetworkEngine engine, NetworkId network, String uid) {
        Port port = engine.attach(network, new PortId(network.tenant(), uid));
        Machine machine = new Machine(port);
        opened.add(machine);
        engine.awaitReady(port);
        return machine;
    }

    @Test
    void aNetworkIsOneOnBothMachinesAndNoOtherTenants() throws Exception {
        Machine here = pod(first, ACME, "here").serveTcp(80, "here").serveUdp(53, "here");
        Machine there = pod(second, ACME, "there").serveTcp(80, "there");
        Machine strangerHere = pod(first, GLOBEX, "here").serveTcp(80, "stranger");
        Machine strangerThere = pod(second, GLOBEX, "there");

        assertThat(List.of(here.ip(), there.ip()))
                .isEqualTo(List.of(strangerHere.ip(), strangerThere.ip()));
        assertThat(there.ask(here.ip(), 80)).isEqualTo("here");
        assertThat(here.ask(there.ip(), 80)).isEqualTo("there");
        assertThat(there.askUdp(here.ip(), 53)).isEqualTo("here");
        assertThat(strangerThere.ask(strangerHere.ip(), 80)).isEqualTo("stranger");
        assertThat(first.ports()).containsOnly(here.port().id(), strangerHere.port().id());
        assertThat(second.ports()).containsOnly(there.port().id(), strangerThere.port().id());
    }

    @Test
    void aFullFramePassesTheTunnel() throws Exception {
        carriesFullFrames(
                pod(first, ACME, "here"), pod(second, ACME, "there"), OvnMember.USUAL_MTU);
    }

    /** IP and UDP have 28 bytes of a packet; the kernel forbids that it is cut (RFC 1191). */
    private static void carriesFullFrames(Machine here, Machine there, int mtu) throws Exception {
        String text = "x".repeat(mtu - 28);
        there.serveUdp(54, text);
        byte[] question = text.getBytes(StandardCharsets.US_ASCII);
        assertThat(here.port().mtu()).isEqualTo(mtu);
        assertThat(here.askUdp(there.ip(), 54, question, 60)).hasValue(question);
    }

    @Test
    void aJumboWireCarriesJumboFrames() throws Exception {
        String wire = "hnj" + ProcessHandle.current().pid();
        Path folder = directory.resolve("large");
        try (TwoMachines large = TwoMachines.start(folder, wire, loopback(78), 9000);
                OvnEngine here = new OvnEngine(large.first());
                OvnEngine there = new OvnEngine(large.second())) {
            here.ensureNetwork(new NetworkSpec(ACME, "10.0.0.0/24", "10.0.0.1"));
            carriesFullFrames(pod(here, ACME, "here"), pod(there, ACME, "there"), 8942);
        }
    }

    @Test
    void aServiceHasBackendsOnBothAndAPolicyHoldsOnBoth() throws Exception {
        Machine here = pod(first, ACME, "here").serveTcp(8080, "here");
        Machine there = pod(second, ACME, "there").serveTcp(8080, "there");
        Machine client = pod(second, ACME, "client");
        List<Backend> backends =
                List.of(new Backend(here.ip(), 8080), new Backend(there.ip(), 8080));
        first.services()
                .ensureService(
                        SHOP,
                        List.of(new VirtualServer(Protocol.TCP, VIP, 80, backends)),
                        Affinity.NONE);
        Set<String> answers = new HashSet<>();
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (answers.size() < 2 && System.nanoTime() < end) {
            answers.add(heard(client, VIP, 80));
            answers.remove("");
        }
        assertThat(answers).containsExactlyInAnyOrder("here", "there");

        Policy closed = new Policy(Set.of(here.port().id()), Set.of(Direction.INGRESS), List.of());
        first.policies().ensurePolicy(new PolicyId("acme", "web", "deny"), 1, closed);
        first.policies().awaitApplied();

        assertThat(heard(there, here.ip(), 8080)).isEmpty();
        assertThat(heard(client, there.ip(), 8080)).isEqualTo("there");
    }

    @Test
    void aMachineThatIsGoneIsForgotten() {
        Port here = first.attach(ACME, new PortId("acme", "here"));
        second.attach(ACME, new PortId("acme", "there"));
        assertThat(first.machines()).containsExactly("second");

        first.deleteMachine("second");

        assertThat(second.ports()).containsExactly(new PortId("acme", "there")); // its TAP
        assertThat(second.port(new PortId("acme", "there"))).isEmpty();
        assertThat(first.port(here.id())).isPresent();
        first.deleteMachine("second");
    }

    @Test
    void aMachineChangesNoOtherAndAStrangerNothing() throws Exception {
        String own = machines.first().chassis();
        try (OvsdbClient client =
                new OvsdbClient(machines.second().southbound(), "OVN_Southbound", SHORT)) {
            Transaction look = new Transaction();
            int found = look.select("Chassis", List.of(Condition.is("name", own)));
            assertThat(client.transact(look).rows(found)).hasSize(1);
            Transaction change = new Transaction();
            change.delete("Chassis", Condition.is("name", own));
            assertThatThrownBy(() -> client.transact(change))
                    .isInstanceOf(OvsdbException.class)
                    .hasMessageContaining("permission");
        }
        Remote.Tls northbound = (Remote.Tls) machines.second().northbound();
        TlsFiles forged =
                new MachineCertificates(directory.resolve("strangers"), "127.0.0.1").of("second");
        TlsFiles mixed =
                new TlsFiles(forged.key(), forged.certificate(), northbound.files().authority());
        Remote stranger = new Remote.Tls(northbound.host(), northbound.port(), mixed);
        try (OvsdbClient client = new OvsdbClient(stranger, "OVN_Northbound", SHORT)) {
            // TLS 1.3 refuses a client after it believes to be connected: at once, or a moment
            // later, when it already waits for an answer
            assertThatThrownBy(() -> client.transact(new Transaction()))
                    .isInstanceOfSatisfying(
                            OvsdbException.class,
                            e ->
                                    assertThat(e.reason())
                                            .isIn(Reason.DISCONNECTED, Reason.TIMED_OUT));
        }
    }

    @Test
    void aSwitchThatIsKilledHasItsTunnelsAgain() throws Exception {
        Machine here = pod(first, ACME, "here").serveTcp(80, "here");
        Machine there = pod(second, ACME, "there");
        assertThat(there.ask(here.ip(), 80)).isEqualTo("here");
        long pid = Objects.requireNonNull(machines.second().pids().get("ovs-vswitchd"));
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        String heard = "";
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!heard.equals("here") && System.nanoTime() < end) {
            heard = heard(there, here.ip(), 80);
        }
        assertThat(heard).isEqualTo("here");
        assertThat(machines.second().pids().get("ovs-vswitchd")).isNotEqualTo(pid);
    }

    /** The kernel sees frames of a TAP beside the switch, and has an address in this namespace. */
    @Test
    void noGuestIsHeardAtTheAddressOfTunnels() throws Exception {
        Port port = first.attach(ACME, new PortId("acme", "guest"));
        first.awaitReady(port);
        String mac =
                Command.of(
                                "ip",
                                "-n",
                                machines.first().netns().name(),
                                "-br",
                                "link",
                                "show",
                                port.tap())
                        .run()
                        .replaceAll("(?s).*?(([0-9a-f]{2}:){5}[0-9a-f]{2}).*", "$1");
        try (DatagramChannel tunnels = told(machines.first().netns().name(), "192.0.2.1");
                DatagramChannel other =
                        machines.second()
                                .netns()
                                .call(() -> DatagramChannel.open(StandardProtocolFamily.INET));
                Endpoint guest = new Endpoint(port)) {
            ByteBuffer bytes = ByteBuffer.allocate(64);
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (bytes.position() == 0 && System.nanoTime() < end) {
                for (String sender : List.of(port.address(), "192.0.2.2", "198.51.100.7")) {
                    guest.send(Frames.udp(port.mac(), sender, mac, "192.0.2.1", 5300, "guest"));
                }
                other.send(
                        ByteBuffer.wrap("machine".getBytes(StandardCharsets.UTF_8)),
                        new InetSocketAddress("192.0.2.1", 5300));
                Thread.sleep(10);
                tunnels.receive(bytes);
            }
            do {
                String text =
                        new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
                assertThat(text).isEqualTo("machine");
            } while (tunnels.receive(bytes.clear()) != null);
        }
    }

    @Test
    void aLocalServiceLeadsToItsOwnMachine() throws Exception {
        Machine here = pod(first, ACME, "here").serveTcp(8080, "here");
        Machine there = pod(second, ACME, "there").serveTcp(8080, "there");
        Machine client = pod(second, ACME, "client");
        ensureLocal(here.ip(), there.ip());
        awaitHeard("there", client, VIP);
        awaitHeard("here", here, VIP);
        for (int i = 0; i < 10; i++) {
            assertThat(client.ask(VIP, 80)).isEqualTo("there");
            assertThat(here.ask(VIP, 80)).isEqualTo("here");
        }
        ensureLocal(here.ip()); // there is none on the second any more
        awaitHeard("", client, VIP);
        assertThat(here.ask(VIP, 80)).isEqualTo("here");
        first.services().deleteService(SHOP);
        awaitHeard("", here, VIP);
        assertThat(first.services().services()).isEmpty();
    }

    private void ensureLocal(String... ips) {
        List<Backend> backends = Stream.of(ips).map(ip -> new Backend(ip, 8080)).toList();
        VirtualServer server =
                new VirtualServer(Protocol.TCP, VIP, 80, backends, VirtualServer.Reach.OWN_MACHINE);
        first.services().ensureService(SHOP, List.of(server), Affinity.NONE);
    }

    private static void awaitHeard(String expected, Machine client, String ip) throws IOException {
        String heard = "nothing yet";
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!heard.equals(expected) && System.nanoTime() < end) {
            heard = heard(client, ip, 80);
        }
        assertThat(heard).isEqualTo(expected);
    }

    private static String heard(Machine client, String ip, int port) throws IOException {
        try {
            return client.ask(ip, port, SHORT);
        } catch (SocketTimeoutException | ConnectException _) {
            return "";
        }
    }

    @Test
    void eachMachineAnswersItsOwnPodsAtTheLocalPort() throws Exception {
        Machine here = pod(first, ACME, "here");
        Machine there = pod(second, ACME, "there");
        var near = first.ensureLocalPort(ACME, List.of());
        var far = second.ensureLocalPort(ACME, List.of());
        assertThat(near.address()).isEqualTo(far.address());
        assertThat(near.netns()).isNotEqualTo(far.netns());

        try (DatagramChannel a = told(near.netns(), near.address());
                DatagramChannel b = told(far.netns(), far.address())) {
            assertThat(hears(here, near.address(), a)).isEqualTo("here");
            assertThat(hears(there, far.address(), b)).isEqualTo("there");
            assertThat(a.receive(ByteBuffer.allocate(64))).isNull();
            assertThat(b.receive(ByteBuffer.allocate(64))).isNull();
        }
        second.deleteLocalPort(ACME);
        first.deleteLocalPort(ACME);
    }

    private static DatagramChannel told(String netns, String address) throws IOException {
        DatagramChannel channel =
                new Netns(netns)
                        .call(() ->
                                DatagramChannel.open(StandardProtocolFamily.INET)
                                        .bind(new InetSocketAddress(address, 5300)));
        channel.configureBlocking(false);
        return channel;
    }

    /** Sends the pod's name until it arrives, and takes all that came. */
    private static String hears(Machine pod, String address, DatagramChannel channel)
            throws Exception {
        String name = pod.port().id().podUid();
        ByteBuffer bytes = ByteBuffer.allocate(64);
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (bytes.position() == 0 && System.nanoTime() < end) {
            pod.askUdp(address, 5300, name.getBytes(StandardCharsets.UTF_8), 1);
            channel.receive(bytes);
        }
        while (channel.receive(ByteBuffer.allocate(64)) != null) {
            Thread.yield(); // what was sent again
        }
        return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
    }
}
