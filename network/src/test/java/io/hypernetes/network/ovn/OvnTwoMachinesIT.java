package io.hypernetes.network.ovn;

import static org.assertj.core.api.Assertions.assertThat;

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

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

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
    static void start() throws IOException {
        machines = TwoMachines.start(directory, "hnu" + ProcessHandle.current().pid(), 1500);
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
        try (TwoMachines large = TwoMachines.start(directory.resolve("large"), wire, 9000);
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
        first.policies().ensurePolicy(new PolicyId("acme", "web", "deny"), closed);
        first.policies().awaitApplied();

        assertThat(heard(there, here.ip(), 8080)).isEmpty();
        assertThat(heard(client, there.ip(), 8080)).isEqualTo("there");
    }

    private static String heard(Machine client, String ip, int port) throws IOException {
        try {
            return client.ask(ip, port, SHORT);
        } catch (SocketTimeoutException | java.net.ConnectException _) {
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
                new io.hypernetes.network.tap.Netns(netns)
                        .call(() ->
                                DatagramChannel.open(java.net.StandardProtocolFamily.INET)
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
