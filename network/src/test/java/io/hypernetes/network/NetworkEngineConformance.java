package io.hypernetes.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.network.tap.Netns;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What every implementation of the Network seam does. An implementation's test extends this class
 * and says how to open its engine; pods are played by {@link Endpoint}, which sends and receives
 * whole frames on the TAP as a virtual machine does.
 */
public abstract class NetworkEngineConformance {

    protected static final NetworkId ACME = new NetworkId("acme", "default");
    protected static final NetworkId GLOBEX = new NetworkId("globex", "default");

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private NetworkEngine engine;

    /** A new engine over the same data plane as the last one. */
    protected abstract NetworkEngine open();

    @BeforeEach
    void openEngine() {
        engine = open();
        engine.ensureNetwork(new NetworkSpec(ACME, "10.0.0.0/24", "10.0.0.1"));
        engine.ensureNetwork(new NetworkSpec(GLOBEX, "10.0.0.0/24", "10.0.0.1"));
    }

    @AfterEach
    void removeEverything() throws Exception {
        for (AutoCloseable resource : opened.reversed()) {
            resource.close();
        }
        engine.networks().forEach(engine::deleteNetwork);
        engine.ports().forEach(engine::detach);
        engine.close();
    }

    protected final NetworkEngine engine() {
        return engine;
    }

    protected final Endpoint pod(NetworkId network, String uid) {
        Port port = engine.attach(network, new PortId(network.tenant(), uid));
        Endpoint endpoint = new Endpoint(port);
        opened.add(endpoint);
        engine.awaitReady(port);
        return endpoint;
    }

    @Test
    void podsOfOneNetworkReachEachOtherAndTheirGateway() throws Exception {
        Endpoint a = pod(ACME, "a");
        Endpoint b = pod(ACME, "b");

        assertThat(a.resolve(b.ip())).as("ARP").isEqualTo(b.mac());
        assertThat(a.reaches(b, "hello")).as("UDP").isTrue();
        assertThat(b.reaches(a, "hello yourself")).as("UDP back").isTrue();
        String gateway = a.port().addresses().getFirst().gateway();
        assertThat(a.pings(a.resolve(gateway), gateway)).as("ping of the gateway").isTrue();
    }

    @Test
    void networksWithTheSameAddressesExchangeNotOneFrame() throws Exception {
        Endpoint a1 = pod(ACME, "a1");
        Endpoint a2 = pod(ACME, "a2");
        Endpoint g1 = pod(GLOBEX, "g1");
        Endpoint g2 = pod(GLOBEX, "g2");
        assertThat(List.of(a1.ip(), a2.ip())).isEqualTo(List.of(g1.ip(), g2.ip()));
        assertThat(a1.reaches(a2, "warm")).isTrue();
        assertThat(g1.reaches(g2, "warm")).isTrue();

        a1.say(a2, "to the neighbour");
        a1.send(Frames.arp(a1.mac(), a1.ip(), g2.ip()));
        for (String mac : List.of(g1.mac(), g2.mac(), Frames.BROADCAST, "01:00:5e:00:00:01")) {
            a1.send(Frames.udp(a1.mac(), a1.ip(), mac, g2.ip(), "to the others' MAC"));
            a1.send(Frames.udp(g1.mac(), g1.ip(), mac, g2.ip(), "with the others' MAC"));
            a1.send(Frames.udp(a1.mac(), a1.ip(), mac, "255.255.255.255", "to everybody"));
        }
        // What was sent before these has passed the switch when these have.
        assertThat(a1.reaches(a2, "last")).isTrue();
        assertThat(g1.reaches(g2, "last")).isTrue();

        assertThat(g1.drain()).isEmpty();
        assertThat(g2.drain()).isNotEmpty().containsOnly("warm", "last");
        assertThat(a2.drain()).contains("to everybody").doesNotContain("with the others' MAC");
    }

    @Test
    void framesWithAnotherSenderThanThePodAreDropped() throws Exception {
        Endpoint a = pod(ACME, "a");
        Endpoint b = pod(ACME, "b");
        assertThat(a.reaches(b, "warm")).isTrue();

        a.send(Frames.udp(a.mac(), "10.0.0.77", b.mac(), b.ip(), "forged address"));
        a.send(Frames.udp("02:aa:aa:aa:aa:aa", a.ip(), b.mac(), b.ip(), "forged MAC"));
        a.send(Frames.arp(a.mac(), "10.0.0.77", b.ip()));
        a.send(Frames.arp("02:aa:aa:aa:aa:aa", "10.0.0.1", b.ip()));
        assertThat(a.reaches(b, "last")).isTrue();

        assertThat(b.drain()).isNotEmpty().containsOnly("warm", "last");
    }

    @Test
    void samePortHasTheSameAddressAfterARestartOfTheEngine() {
        PortId id = new PortId("acme", "a");
        engine.attach(ACME, new PortId("acme", "first"));
        Port before = engine.attach(ACME, id);
        engine.detach(new PortId("acme", "first")); // a lower address is free now

        engine.close();
        engine = open();

        assertThat(engine.port(id)).contains(before);
        assertThat(engine.attach(ACME, id)).isEqualTo(before);
    }

    @Test
    void detachedPortLeavesItsAddressToTheNext() throws Exception {
        Endpoint a = pod(ACME, "a");
        a.close();
        engine.detach(a.port().id());

        assertThat(engine.port(a.port().id())).isEmpty();
        assertThat(engine.ports()).isEmpty();
        Endpoint next = pod(ACME, "next");
        assertThat(next.ip()).isEqualTo(a.ip());
        assertThat(pod(ACME, "other").reaches(next, "hello")).isTrue();
    }

    @Test
    void portThatIsDetachedAndAttachedAgainWorks() throws Exception {
        Endpoint b = pod(ACME, "b");
        pod(ACME, "a").close();
        engine.detach(new PortId("acme", "a"));

        assertThat(pod(ACME, "a").reaches(b, "here again")).isTrue();
    }

    @Test
    void manyPodsAtOnceGetDifferentAddresses() throws Exception {
        List<Callable<Port>> attachments = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            PortId id = new PortId("acme", "pod-" + i);
            attachments.add(() -> engine.attach(ACME, id));
            attachments.add(() -> engine.attach(ACME, id)); // twice the same
        }
        Set<String> addresses = new HashSet<>();
        Set<String> taps = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Port> port : threads.invokeAll(attachments)) {
                addresses.add(port.get().address());
                taps.add(port.get().tap());
            }
        }
        assertThat(addresses).hasSize(24);
        assertThat(taps).hasSize(24);
        assertThat(engine.ports()).hasSize(24);
    }

    @Test
    void fullNetworkSaysSo() {
        NetworkId small = new NetworkId("acme", "small");
        engine.ensureNetwork(new NetworkSpec(small, "192.168.7.0/29", "192.168.7.1"));
        for (String uid : List.of("1", "2", "3")) {
            engine.attach(small, new PortId("acme", uid));
        }

        assertThatThrownBy(() -> engine.attach(small, new PortId("acme", "4")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("no free address left in 192.168.7.0/29");
    }

    /** A pod that is no virtual machine: its cable is led into its own namespace. */
    @Test
    void podsInNamespacesAreOnTheNetworkAsOthersAre() throws Exception {
        PortId id = new PortId("acme", "processes");
        Port port = engine.reserve(ACME, id);
        assertThat(engine.reserve(ACME, id)).isEqualTo(port);
        Endpoint machine = pod(ACME, "machine");
        assertThat(machine.ip()).isNotEqualTo(port.address());
        try (Host other = connected("hnc-other-", engine.reserve(ACME, new PortId("acme", "o")))) {
            other.serveTcp(80, "the other");
            try (Host first = connected("hnc-first-", port)) {
                first.serveTcp(80, "the first");
                assertThat(machine.resolve(port.address())).isEqualTo(port.mac());
                assertThat(other.ask(port.address(), 80)).isEqualTo("the first");
                try (SocketChannel open = other.connect(port.address(), 80, PATIENCE)) {
                    assertThat(Host.read(open)).isEqualTo("the first");
                    engine.close();
                    engine = open();
                    engine.connect(id, first.netns());
                    engine.awaitReady(port);
                    open.write(
                            ByteBuffer.wrap("undisturbed\n".getBytes(StandardCharsets.US_ASCII)));
                    assertThat(Host.read(open)).contains("undisturbed");
                }
            }
            try (Host again = connected("hnc-again-", engine.reserve(ACME, id))) {
                again.serveTcp(80, "made anew");
                assertThat(other.ask(port.address(), 80)).isEqualTo("made anew");
            }
        }
        engine.detach(id);
        assertThat(engine.port(id)).isEmpty();
        assertThatThrownBy(() -> engine.connect(id, new Netns("none")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("pod processes has no port");
    }

    private Host connected(String name, Port port) throws IOException {
        Host host = new Host(name + ProcessHandle.current().pid());
        try {
            engine.connect(port.id(), host.netns());
            engine.awaitReady(port);
            return host;
        } catch (RuntimeException e) {
            host.netns().delete();
            throw e;
        }
    }

    @Test
    void subnetChangesOnlyWhileNobodyIsOnIt() {
        NetworkSpec other = new NetworkSpec(ACME, "10.9.0.0/16", "10.9.0.1");
        Port port = engine.attach(ACME, new PortId("acme", "a"));
        assertThatThrownBy(() -> engine.ensureNetwork(other))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("delete its pods before you change it to 10.9.0.0/16");

        engine.detach(port.id());
        engine.ensureNetwork(other);

        Port moved = engine.attach(ACME, port.id());
        assertThat(moved.address()).isEqualTo("10.9.0.3");
        assertThat(moved.addresses().getFirst().prefixLength()).isEqualTo(16);
    }

    @Test
    void deletedNetworkTakesItsPortsAlongAndNoOthers() throws Exception {
        Endpoint g1 = pod(GLOBEX, "g1");
        Endpoint g2 = pod(GLOBEX, "g2");
        engine.attach(ACME, new PortId("acme", "a"));

        engine.deleteNetwork(ACME);
        engine.deleteNetwork(ACME);

        assertThat(engine.networks()).containsExactly(GLOBEX);
        assertThat(engine.ports()).containsExactlyInAnyOrder(g1.port().id(), g2.port().id());
        assertThat(g1.reaches(g2, "still here")).isTrue();
        assertThatThrownBy(() -> engine.attach(ACME, new PortId("acme", "late")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("acme/default does not exist");
    }

    @Test
    void tenantCannotUseOrNameWhatIsAnothers() {
        assertThatThrownBy(() -> engine.attach(ACME, new PortId("globex", "spy")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("another tenant");
        for (NetworkId bad :
                List.of(
                        new NetworkId("acme", "x/y"),
                        new NetworkId("", "x"),
                        new NetworkId("a", ".."))) {
            assertThatThrownBy(() ->
                            engine.ensureNetwork(new NetworkSpec(bad, "10.0.0.0/24", "10.0.0.1")))
                    .isInstanceOf(NetworkException.class);
        }
        assertThatThrownBy(() -> engine.attach(ACME, new PortId("acme", "default/router")))
                .isInstanceOf(NetworkException.class);
    }

    @Test
    void podsPortIsOnOneNetwork() {
        NetworkId second = new NetworkId("acme", "second");
        engine.ensureNetwork(new NetworkSpec(second, "10.1.0.0/24", "10.1.0.1"));
        engine.attach(ACME, new PortId("acme", "a"));

        assertThatThrownBy(() -> engine.attach(second, new PortId("acme", "a")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("detach it");
    }

    @Test
    void networksOfOneTenantDifferInAddresses() {
        NetworkId second = new NetworkId("acme", "second");
        assertThatThrownBy(() ->
                        engine.ensureNetwork(
                                new NetworkSpec(second, "10.0.0.128/25", "10.0.0.129")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("overlaps 10.0.0.0/24 of the tenant's network default");
        assertThat(engine.networks()).doesNotContain(second);
    }

    private static NetworkSpec dual(NetworkId network) {
        return new NetworkSpec(
                network,
                new NetworkSpec.Range("10.5.0.0/24", "10.5.0.1"),
                List.of(new NetworkSpec.Range("fd00:5::/64", "fd00:5::1")));
    }

    @Test
    void podsOfADualNetworkHaveAnAddressOfEachFamilyAndNobodyElses() throws Exception {
        NetworkId acme = new NetworkId("acme", "dual");
        NetworkId globex = new NetworkId("globex", "dual");
        engine.ensureNetwork(dual(acme));
        engine.ensureNetwork(dual(globex));
        Endpoint a1 = pod(acme, "a1");
        Endpoint a2 = pod(acme, "a2");
        Endpoint g1 = pod(globex, "g1");
        Endpoint g2 = pod(globex, "g2");
        assertThat(a1.port().ips()).containsExactly("10.5.0.3", "fd00:5::3");
        assertThat(g1.port().ips()).isEqualTo(a1.port().ips());
        assertThat(engine.attach(acme, a1.port().id())).isEqualTo(a1.port());

        assertThat(a1.discover(a2.ipv6())).as("neighbour discovery").isEqualTo(a2.mac());
        assertThat(a1.discover("fd00:5::1")).as("of the gateway").matches("02(:[0-9a-f]{2}){5}");
        assertThat(a1.reachesByIpv6(a2, "warm")).isTrue();
        assertThat(a1.reaches(a2, "warm")).isTrue();
        assertThat(g1.reachesByIpv6(g2, "warm")).isTrue();

        a1.send(Frames.udp(a1.mac(), "fd00:5::77", a2.mac(), a2.ipv6(), "forged address"));
        a1.send(Frames.udp("02:aa:aa:aa:aa:aa", a1.ipv6(), a2.mac(), a2.ipv6(), "forged MAC"));
        a1.send(Frames.advertise(a1.mac(), "fd00:5::1"));
        for (String mac : List.of(g1.mac(), g2.mac(), Frames.BROADCAST, "33:33:00:00:00:01")) {
            a1.send(Frames.udp(a1.mac(), a1.ipv6(), mac, g2.ipv6(), "to the others' MAC"));
            a1.send(Frames.udp(a1.mac(), a1.ipv6(), mac, "ff02::1", "to everybody"));
        }
        assertThat(a1.reachesByIpv6(a2, "last")).isTrue();
        assertThat(g1.reachesByIpv6(g2, "last")).isTrue();

        assertThat(a2.drain())
                .isNotEmpty()
                .containsOnly("warm", "last", "to the others' MAC", "to everybody");
        assertThat(g1.drain()).isEmpty();
        assertThat(g2.drain()).isNotEmpty().containsOnly("warm", "last");
    }

    @Test
    void aNetworkOfIpv6AloneAndOneThatGetsItLater() throws Exception {
        NetworkId six = new NetworkId("acme", "six");
        engine.ensureNetwork(new NetworkSpec(six, "fd00:6::/64", "fd00:6::1"));
        Endpoint alone = pod(six, "alone");
        assertThat(alone.port().ips()).containsExactly("fd00:6::3");
        assertThat(alone.port().nameServer()).isEqualTo("fd00:6::2");
        assertThat(alone.reachesByIpv6(pod(six, "other"), "hello")).isTrue();

        NetworkId late = new NetworkId("acme", "late");
        engine.ensureNetwork(new NetworkSpec(late, "10.5.0.0/24", "10.5.0.1"));
        Endpoint old = pod(late, "old");
        engine.ensureNetwork(dual(late));
        Endpoint young = pod(late, "young");
        assertThat(old.port().ips()).containsExactly("10.5.0.3");
        assertThat(young.port().ips()).containsExactly("10.5.0.4", "fd00:5::3");
        assertThat(young.reaches(old, "hello")).isTrue();
        assertThatThrownBy(() ->
                        engine.ensureNetwork(new NetworkSpec(late, "10.5.0.0/24", "10.5.0.1")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("fd00:5::/64");
        NetworkId clash = new NetworkId("acme", "clash");
        assertThatThrownBy(() ->
                        engine.ensureNetwork(new NetworkSpec(clash, "fd00:6::/80", "fd00:6::1")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("overlaps fd00:6::/64 of the tenant's network six");
    }
}
