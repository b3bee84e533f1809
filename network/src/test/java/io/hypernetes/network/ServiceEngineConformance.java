package io.hypernetes.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.network.ServiceEngine.Affinity;
import io.hypernetes.network.VirtualServer.Backend;
import io.hypernetes.network.VirtualServer.Protocol;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.ConnectException;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What every implementation of the Network seam does with Services, seen from pods' machines. */
public abstract class ServiceEngineConformance {

    private static final NetworkId ACME = new NetworkId("acme", "default");
    private static final NetworkId GLOBEX = new NetworkId("globex", "default");
    private static final ServiceId SHOP = new ServiceId("acme", "web", "shop");
    private static final String VIP = "10.96.0.20";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private NetworkEngine engine;

    protected abstract NetworkEngine open();

    @BeforeEach
    void openEngine() {
        engine = open();
        engine.ensureNetwork(new NetworkSpec(ACME, "10.0.0.0/24", "10.0.0.1"));
    }

    @AfterEach
    void removeEverything() throws Exception {
        for (AutoCloseable resource : opened.reversed()) {
            resource.close();
        }
        engine.services().services().forEach(engine.services()::deleteService);
        engine.networks().forEach(engine::deleteNetwork);
        engine.close();
    }

    private Machine pod(NetworkId network, String uid) {
        Port port = engine.attach(network, new PortId(network.tenant(), uid));
        Machine machine = new Machine(port);
        opened.add(machine);
        engine.awaitReady(port);
        return machine;
    }

    private static VirtualServer tcp(int port, String... backends) {
        return server(Protocol.TCP, port, backends);
    }

    private static VirtualServer server(Protocol protocol, int port, String... backends) {
        return new VirtualServer(
                protocol,
                VIP,
                port,
                Stream.of(backends).map(address -> new Backend(address, 8080)).toList());
    }

    private void ensure(VirtualServer... servers) {
        engine.services().ensureService(SHOP, List.of(servers), Affinity.NONE);
    }

    /** Asks until the answer is this: changes reach the switches a moment after the call. */
    private static void awaitAnswer(Machine client, String answer) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                if (client.ask(VIP, 80, Duration.ofSeconds(2)).equals(answer)) {
                    return;
                }
            } catch (ConnectException | SocketTimeoutException _) {
                Thread.sleep(50);
            }
        }
        throw new AssertionError(client.ip() + " does not hear " + answer);
    }

    @Test
    void everyTenantMeetsItsOwnPodsAtTheSameAddress() throws Exception {
        engine.ensureNetwork(new NetworkSpec(GLOBEX, "10.0.0.0/24", "10.0.0.1"));
        Machine a1 = pod(ACME, "a1").serveTcp(8080, "acme").serveUdp(8080, "acme by UDP");
        Machine a2 = pod(ACME, "a2");
        Machine g1 = pod(GLOBEX, "g1").serveTcp(8080, "globex");
        Machine g2 = pod(GLOBEX, "g2");
        ensure(tcp(80, a1.ip()), tcp(81, a1.ip()), server(Protocol.UDP, 80, a1.ip()));
        engine.services()
                .ensureService(
                        new ServiceId("globex", "web", "shop"),
                        List.of(tcp(80, g1.ip())),
                        Affinity.NONE);

        awaitAnswer(a2, "acme");
        awaitAnswer(g2, "globex");
        assertThat(a2.ask(VIP, 81)).isEqualTo("acme");
        assertThat(a2.askUdp(VIP, 80)).isEqualTo("acme by UDP");
        assertThat(a1.ask(VIP, 80)).as("a pod by its own service").isEqualTo("acme");
    }

    @Test
    void newConnectionsFollowTheBackendsAndOpenOnesStay() throws Exception {
        Machine a = pod(ACME, "a").serveTcp(8080, "a");
        Machine b = pod(ACME, "b").serveTcp(8080, "b");
        Machine client = pod(ACME, "client");
        ensure(tcp(80, a.ip()));
        awaitAnswer(client, "a");

        try (SocketChannel old = client.connect(VIP, 80, Duration.ofSeconds(20))) {
            assertThat(Machine.read(old)).isEqualTo("a");
            ensure(tcp(80, b.ip()));
            awaitAnswer(client, "b");
            old.write(ByteBuffer.wrap("echo".getBytes(StandardCharsets.UTF_8)));
            assertThat(Machine.read(old)).isEqualTo("echo");
        }
    }

    @Test
    void withoutBackendsConnectionsAreRefusedAtOnce() throws Exception {
        Machine a = pod(ACME, "a").serveTcp(8080, "a");
        Machine client = pod(ACME, "client");
        ensure(tcp(80, a.ip()), server(Protocol.UDP, 80));
        awaitAnswer(client, "a");
        ensure(tcp(80), server(Protocol.UDP, 80));

        awaitRefusal(client);
        assertThatThrownBy(() -> client.askUdp(VIP, 80))
                .isInstanceOf(PortUnreachableException.class);
    }

    private static void awaitRefusal(Machine client) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                client.ask(VIP, 80);
            } catch (SocketTimeoutException e) {
                throw new AssertionError("a hang, not a refusal", e);
            } catch (ConnectException e) {
                assertThat(e).hasMessageContaining("refused");
                return;
            } catch (IOException _) {
                Thread.sleep(50); // met while it changed
            }
        }
        throw new AssertionError("not refused");
    }

    @Test
    void anAffineClientKeepsItsBackendWhenOthersComeAndGo() throws Exception {
        List<Machine> backends = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d")) {
            backends.add(pod(ACME, name).serveTcp(8080, name));
        }
        List<String> addresses = backends.stream().map(Machine::ip).toList();
        Machine client = pod(ACME, "client");
        affine(addresses);
        awaitAnyAnswer(client, VIP);
        String mine = client.ask(VIP, 80);
        for (int i = 0; i < 20; i++) {
            assertThat(client.ask(VIP, 80)).isEqualTo(mine);
        }
        int home = List.of("a", "b", "c", "d").indexOf(mine);
        List<String> fewer = new ArrayList<>(addresses);
        fewer.remove((home + 1) % 4); // a neighbour goes, whatever its place
        affine(fewer);
        Thread.sleep(300);
        for (int i = 0; i < 20; i++) {
            assertThat(client.ask(VIP, 80)).isEqualTo(mine);
        }
        affine(List.of(addresses.get((home + 1) % 4)));
        awaitAnswer(client, List.of("a", "b", "c", "d").get((home + 1) % 4));
    }

    private void affine(List<String> backends) {
        engine.services()
                .ensureService(
                        SHOP,
                        List.of(tcp(80, backends.toArray(String[]::new))),
                        Affinity.CLIENT_ADDRESS);
    }

    private static void awaitAnyAnswer(Machine client, String address) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            try {
                client.ask(address, 80, Duration.ofSeconds(2));
                return;
            } catch (IOException _) {
                Thread.sleep(50);
            }
        }
        throw new AssertionError("no answer");
    }

    @Test
    void withoutAffinityAllBackendsAreUsed() throws Exception {
        Machine a = pod(ACME, "a").serveTcp(8080, "a");
        Machine b = pod(ACME, "b").serveTcp(8080, "b");
        Machine client = pod(ACME, "client");
        ensure(tcp(80, a.ip(), b.ip()));
        awaitAnyAnswer(client, VIP);
        Set<String> heard = new HashSet<>();
        for (int i = 0; i < 100 && heard.size() < 2; i++) {
            heard.add(client.ask(VIP, 80));
        }
        assertThat(heard).containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void aServiceOlderThanTheNetworkWorksOnAllNetworksOfTheTenant() throws Exception {
        NetworkId first = new NetworkId("initech", "default");
        NetworkId second = new NetworkId("initech", "second");
        ServiceId service = new ServiceId("initech", "web", "shop");
        engine.services().ensureService(service, List.of(tcp(80, "10.0.0.3")), Affinity.NONE);
        engine.ensureNetwork(new NetworkSpec(first, "10.0.0.0/24", "10.0.0.1"));
        engine.ensureNetwork(new NetworkSpec(second, "10.1.0.0/24", "10.1.0.1"));
        Machine server = pod(first, "server").serveTcp(8080, "found");
        assertThat(server.ip()).isEqualTo("10.0.0.3");
        Machine near = pod(first, "near");
        Machine far = pod(second, "far");

        awaitAnswer(near, "found");
        awaitAnswer(far, "found");
        assertThat(far.ask(server.ip(), 8080)).as("by the router").isEqualTo("found");
    }

    @Test
    void aNetworkOfSeveralSubnetsIsOne() throws Exception {
        NetworkId wide = new NetworkId("initech", "default");
        NetworkSpec.Range small = new NetworkSpec.Range("10.2.0.0/29", "10.2.0.1");
        NetworkSpec.Range second = new NetworkSpec.Range("10.3.0.0/24", "10.3.0.1");
        NetworkSpec.Range third = new NetworkSpec.Range("10.4.0.0/24", "10.4.0.1");
        engine.ensureNetwork(new NetworkSpec(wide, small, List.of(second)));
        Machine near = pod(wide, "near").serveTcp(8080, "near");
        for (String filler : List.of("x", "y")) {
            engine.attach(wide, new PortId("initech", filler));
        }
        Machine far = pod(wide, "far").serveTcp(8080, "far"); // the first subnet is full
        assertThat(near.ip()).isEqualTo("10.2.0.3");
        assertThat(far.ip()).isEqualTo("10.3.0.3");
        assertThat(far.port().addresses().getFirst().gateway()).isEqualTo("10.3.0.1");
        assertThat(far.port().nameServer()).isEqualTo("10.2.0.2");
        engine.services()
                .ensureService(
                        new ServiceId("initech", "web", "shop"),
                        List.of(tcp(80, far.ip())),
                        Affinity.NONE);
        awaitAnswer(near, "far");
        awaitAnswer(far, "far");
        assertThat(near.ask(far.ip(), 8080)).isEqualTo("far");

        try (SocketChannel open = near.connect(far.ip(), 8080, Duration.ofSeconds(20))) {
            assertThat(Machine.read(open)).isEqualTo("far");
            engine.ensureNetwork(new NetworkSpec(wide, small, List.of(second, third)));
            open.write(ByteBuffer.wrap("echo".getBytes(StandardCharsets.UTF_8)));
            assertThat(Machine.read(open)).as("the change is live").isEqualTo("echo");
        }
        assertThatThrownBy(() -> engine.ensureNetwork(new NetworkSpec(wide, small, List.of(third))))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("10.3.0.0/24");
        assertThatThrownBy(() ->
                        engine.ensureNetwork(new NetworkSpec(wide, small, List.of(second, second))))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("overlap");
        engine.ensureNetwork(new NetworkSpec(wide, small, List.of(second)));
        assertThat(near.ask(far.ip(), 8080)).isEqualTo("far");
    }

    private static VirtualServer at(String address, String... backends) {
        return new VirtualServer(
                Protocol.TCP,
                address,
                80,
                Stream.of(backends).map(backend -> new Backend(backend, 8080)).toList());
    }

    private static NetworkSpec dual(NetworkId network) {
        return new NetworkSpec(
                network,
                new NetworkSpec.Range("10.7.0.0/24", "10.7.0.1"),
                List.of(new NetworkSpec.Range("fd00:7::/64", "fd00:7::1")));
    }

    @Test
    void aServiceOfBothFamiliesIsAnsweredByBothInEachTenant() throws Exception {
        String six = "fd00:10:96::14";
        for (String tenant : List.of("initech", "umbrella")) {
            NetworkId network = new NetworkId(tenant, "default");
            engine.ensureNetwork(dual(network));
            Machine server = pod(network, tenant + "-a").serveTcp(8080, tenant);
            server.serveUdp(8080, tenant + " by UDP");
            Machine client = pod(network, tenant + "-b");
            assertThat(server.ipv6()).isEqualTo("fd00:7::3");
            assertThat(client.ask(server.ip(), 8080)).isEqualTo(tenant);
            assertThat(client.ask(server.ipv6(), 8080)).isEqualTo(tenant);
            ServiceId shop = new ServiceId(tenant, "web", "shop");
            VirtualServer udp =
                    new VirtualServer(
                            Protocol.UDP, six, 80, List.of(new Backend(server.ipv6(), 8080)));
            VirtualServer none = new VirtualServer(Protocol.TCP, six, 81, List.of());
            engine.services()
                    .ensureService(
                            shop,
                            List.of(at(VIP, server.ip()), at(six, server.ipv6()), udp, none),
                            Affinity.NONE);
            awaitAnswer(client, tenant);
            assertThat(client.ask(six, 80)).isEqualTo(tenant);
            assertThat(client.askUdp(six, 80)).isEqualTo(tenant + " by UDP");
            assertThat(server.ask(six, 80)).as("a pod by its own service").isEqualTo(tenant);
            assertThatThrownBy(() -> client.ask(six, 81))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void anAffineClientOfIpv6KeepsItsBackendAndNotAllHaveTheSame() throws Exception {
        NetworkId network = new NetworkId("initech", "default");
        engine.ensureNetwork(dual(network));
        String six = "fd00:10:96::14";
        List<Machine> servers = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d")) {
            servers.add(pod(network, name).serveTcp(8080, name));
        }
        String[] addresses = servers.stream().map(Machine::ipv6).toArray(String[]::new);
        engine.services()
                .ensureService(
                        new ServiceId("initech", "web", "shop"),
                        List.of(at(six, addresses)),
                        Affinity.CLIENT_ADDRESS);
        Set<String> met = new HashSet<>();
        for (Machine client : servers) { // each is a client, too
            awaitAnyAnswer(client, six);
            String mine = client.ask(six, 80);
            for (int i = 0; i < 5; i++) {
                assertThat(client.ask(six, 80)).isEqualTo(mine);
            }
            met.add(mine);
        }
        for (int i = 0; i < 8 && met.size() == 1; i++) {
            Machine client = pod(network, "client" + i);
            awaitAnyAnswer(client, six);
            met.add(client.ask(six, 80));
        }
        assertThat(met).hasSizeGreaterThan(1);
    }

    @Test
    void deletedServicesAreGone() {
        ensure(tcp(80, "10.0.0.3"), server(Protocol.UDP, 80));
        assertThat(engine.services().services()).containsExactly(SHOP);
        engine.close();
        engine = open();
        assertThat(engine.services().services()).containsExactly(SHOP);

        engine.services().deleteService(SHOP);
        engine.services().deleteService(SHOP);

        assertThat(engine.services().services()).isEmpty();
    }
}
