package io.hypernetes.network;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.network.PolicyEngine.Allowance;
import io.hypernetes.network.PolicyEngine.Direction;
import io.hypernetes.network.PolicyEngine.Peers;
import io.hypernetes.network.PolicyEngine.Policy;
import io.hypernetes.network.PolicyEngine.PortRange;
import io.hypernetes.network.VirtualServer.Backend;
import io.hypernetes.network.VirtualServer.Protocol;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;

/** What every implementation of the Network seam does with policies, seen from pods' machines. */
public abstract class PolicyEngineConformance {

    private static final NetworkId ACME = new NetworkId("acme", "default");
    private static final PolicyId POLICY = new PolicyId("acme", "web", "guard");
    private static final long REVISION = 7;
    private static final String VIP = "10.96.0.20";
    private static final Duration SHORT = Duration.ofMillis(300);
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
        engine.policies().policies().forEach(engine.policies()::deletePolicy);
        engine.services().services().forEach(engine.services()::deleteService);
        engine.networks().forEach(engine::deleteNetwork);
        engine.close();
    }

    private Machine pod(String uid) throws IOException {
        return pod(ACME, uid);
    }

    private Machine pod(NetworkId network, String uid) throws IOException {
        Port port = engine.attach(network, new PortId("acme", uid));
        Machine machine = new Machine(port).serveTcp(8080, uid).serveTcp(8085, uid);
        opened.add(machine);
        engine.awaitReady(port);
        return machine;
    }

    private static Allowance from(Set<String> addresses, PortRange... ports) {
        return new Allowance(
                Direction.INGRESS,
                new Peers.Addresses(addresses),
                List.of(ports),
                Optional.empty());
    }

    private static Allowance to(Peers peers, PortRange... ports) {
        return new Allowance(Direction.EGRESS, peers, List.of(ports), Optional.empty());
    }

    private void isolate(Machine pod, Direction direction, Allowance... allowed) {
        engine.policies()
                .ensurePolicy(
                        POLICY,
                        REVISION,
                        new Policy(Set.of(pod.port().id()), Set.of(direction), List.of(allowed)));
    }

    private static boolean reaches(Machine client, String ip, int port) {
        try {
            return !client.ask(ip, port, SHORT).isEmpty();
        } catch (SocketTimeoutException e) {
            return false; // dropped
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** Changes reach the switch a moment after the call. */
    private static void await(boolean expected, Machine client, String ip, int port)
            throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            if (reaches(client, ip, port) == expected) {
                return;
            }
            Thread.sleep(20);
        }
        throw new AssertionError(client.ip() + " to " + ip + ":" + port + " is not " + expected);
    }

    private static PortRange tcp(int first, int last) {
        return new PortRange(Protocol.TCP, first, last);
    }

    private void service(Machine backend) {
        engine.services()
                .ensureService(
                        new ServiceId("acme", "web", "shop"),
                        List.of(
                                new VirtualServer(
                                        Protocol.TCP,
                                        VIP,
                                        80,
                                        List.of(new Backend(backend.ip(), 8080)))),
                        ServiceEngine.Affinity.NONE);
    }

    @Test
    void policiesHoldForBothFamilies() throws Exception {
        NetworkId both = new NetworkId("acme", "both");
        engine.ensureNetwork(
                new NetworkSpec(
                        both,
                        new NetworkSpec.Range("10.7.0.0/24", "10.7.0.1"),
                        List.of(new NetworkSpec.Range("fd00:7::/64", "fd00:7::1"))));
        Machine server = pod(both, "server");
        Machine friend = pod(both, "friend");
        Machine other = pod(both, "other");
        assertThat(reaches(other, server.ipv6(), 8080)).isTrue();
        isolate(server, Direction.INGRESS);
        await(false, other, server.ipv6(), 8080);
        await(false, friend, server.ipv6(), 8080);
        await(true, server, other.ipv6(), 8080); // neighbours are found all the same

        isolate(
                server,
                Direction.INGRESS,
                from(Set.of(friend.ip(), friend.ipv6()), tcp(8080, 8080)));
        await(true, friend, server.ipv6(), 8080);
        assertThat(reaches(friend, server.ip(), 8080)).isTrue();
        assertThat(reaches(friend, server.ipv6(), 8085)).isFalse();
        assertThat(reaches(other, server.ipv6(), 8080)).isFalse();
        assertThat(reaches(other, server.ip(), 8080)).isFalse();

        Peers range = new Peers.Block("fd00:7::/64", List.of(friend.ipv6() + "/128"));
        isolate(server, Direction.EGRESS, to(range, tcp(8080, 8080)));
        await(false, server, other.ip(), 8080); // a range has one family
        await(true, server, other.ipv6(), 8080);
        assertThat(reaches(server, friend.ipv6(), 8080)).isFalse();
    }

    @Test
    void onlyAllowedPeersAndPortsComeIn() throws Exception {
        Machine server = pod("server");
        Machine friend = pod("friend");
        Machine other = pod("other");
        service(server);
        isolate(server, Direction.INGRESS);
        await(false, friend, server.ip(), 8080);
        await(false, other, server.ip(), 8080);
        await(true, server, other.ip(), 8080); // it may still ask itself

        isolate(server, Direction.INGRESS, from(Set.of(friend.ip()), tcp(8080, 8082)));
        await(true, friend, server.ip(), 8080);
        assertThat(reaches(friend, server.ip(), 8085)).as("another port").isFalse();
        assertThat(reaches(other, server.ip(), 8080)).as("another peer").isFalse();
        await(true, friend, VIP, 80);
        assertThat(reaches(other, VIP, 80)).as("another by the service").isFalse();
        await(true, server, VIP, 80);

        isolate(server, Direction.INGRESS, from(Set.of(friend.ip(), other.ip()), tcp(8080, 8082)));
        await(true, other, server.ip(), 8080);
        engine.policies().deletePolicy(POLICY);
        await(true, other, server.ip(), 8085);
    }

    @Test
    void onlyAllowedPeersAreReached() throws Exception {
        Machine client = pod("client");
        Machine server = pod("server");
        Machine other = pod("other");
        service(server);
        isolate(client, Direction.EGRESS);
        await(false, client, server.ip(), 8080);
        await(false, client, VIP, 80);
        await(true, server, client.ip(), 8080);

        isolate(
                client,
                Direction.EGRESS,
                to(new Peers.Addresses(Set.of(server.ip())), tcp(8080, 8080)));
        await(true, client, server.ip(), 8080);
        await(true, client, VIP, 80); // what counts is where the service leads to
        assertThat(reaches(client, server.ip(), 8085)).isFalse();
        assertThat(reaches(client, other.ip(), 8080)).isFalse();

        isolate(
                client,
                Direction.EGRESS,
                to(new Peers.Block("10.0.0.0/24", List.of(server.ip() + "/32"))));
        await(true, client, other.ip(), 8085);
        await(false, client, server.ip(), 8080);
    }

    @Test
    void openConnectionsStopToo() throws Exception {
        Machine server = pod("server");
        Machine client = pod("client");
        isolate(server, Direction.INGRESS, from(Set.of(client.ip())));
        engine.policies().awaitApplied();
        try (SocketChannel open = openTo(server, client)) {
            isolate(server, Direction.INGRESS);
            awaitSilence(open);
        }
    }

    /** The first policy of a network meets connections that none has seen begin. */
    @Test
    void connectionsFromBeforeAnyPolicyStopToo() throws Exception {
        Machine server = pod("server");
        Machine client = pod("client");
        try (SocketChannel open = openTo(server, client);
                ExecutorService talking = Executors.newVirtualThreadPerTaskExecutor()) {
            AtomicBoolean over = new AtomicBoolean();
            Future<Boolean> talk =
                    talking.submit(() -> {
                        // Both sides have something under way whenever the policy arrives.
                        while (!over.get()) {
                            echoes(open);
                        }
                        return true;
                    });
            isolate(server, Direction.INGRESS);
            engine.policies().awaitApplied();
            over.set(true);
            talk.get();
            awaitSilence(open);
        }
    }

    private static SocketChannel openTo(Machine server, Machine client) throws IOException {
        SocketChannel open = client.connect(server.ip(), 8080, PATIENCE);
        assertThat(Machine.read(open)).isEqualTo("server");
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!echoes(open)) {
            assertThat(System.nanoTime()).as("no echo").isLessThan(end);
        }
        return open;
    }

    /**
     * The switch looks again at what it has in hand a moment later, and an answer may come late.
     */
    private void awaitSilence(SocketChannel open) throws IOException {
        engine.policies().awaitApplied();
        long end = System.nanoTime() + PATIENCE.toNanos();
        int silent = 0;
        while (silent < 3 && System.nanoTime() < end) {
            silent = echoes(open) ? 0 : silent + 1;
        }
        assertThat(silent).isEqualTo(3);
    }

    private static boolean echoes(SocketChannel open) throws IOException {
        open.write(ByteBuffer.wrap("echo".getBytes(StandardCharsets.UTF_8)));
        open.socket().setSoTimeout((int) SHORT.toMillis());
        try {
            return Machine.read(open).contains("echo");
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Test
    void destinationsNarrowAnAllowanceDown() throws Exception {
        Machine one = pod("one");
        Machine two = pod("two");
        Machine client = pod("client");
        engine.policies()
                .ensurePolicy(
                        POLICY,
                        REVISION,
                        new Policy(
                                Set.of(one.port().id(), two.port().id()),
                                Set.of(Direction.INGRESS),
                                List.of(
                                        new Allowance(
                                                Direction.INGRESS,
                                                new Peers.Anyone(),
                                                List.of(tcp(8080, 8080)),
                                                Optional.of(Set.of(one.ip()))))));
        await(true, client, one.ip(), 8080);
        await(false, client, two.ip(), 8080);
    }

    @Test
    void aPortIsToldAndItsPoliciesHoldOnceTheyAreWritten() throws Exception {
        Port server = engine.attach(ACME, new PortId("acme", "server"));
        Map<PortId, List<String>> told = new ConcurrentHashMap<>();
        engine.policies().listen(told::put);
        assertThat(told).containsExactly(Map.entry(server.id(), server.ips()));
        Port other = engine.attach(ACME, new PortId("acme", "other"));
        awaitTold(told, other.id(), other.ips());

        PolicyEngine policies = engine.policies();
        assertThat(policies.holds(server.id(), Map.of())).isTrue();
        assertThat(policies.holds(server.id(), Map.of(POLICY, 1L))).isFalse();
        Policy closed = new Policy(Set.of(server.id()), Set.of(Direction.INGRESS), List.of());
        policies.ensurePolicy(POLICY, REVISION, closed);
        assertThat(policies.holds(server.id(), Map.of(POLICY, REVISION))).isTrue();
        assertThat(policies.holds(server.id(), Map.of(POLICY, REVISION + 1))).isFalse();
        assertThat(policies.holds(other.id(), Map.of(POLICY, REVISION))).isFalse();
        PolicyId absent = new PolicyId("acme", "web", "absent");
        assertThat(policies.holds(server.id(), Map.of(POLICY, REVISION, absent, 1L))).isFalse();

        policies.ensurePolicy(POLICY, REVISION + 1, closed);
        assertThat(policies.holds(server.id(), Map.of(POLICY, REVISION + 1))).isTrue();
        engine.detach(server.id());
        awaitTold(told, server.id(), List.of());
        assertThat(policies.holds(server.id(), Map.of(POLICY, REVISION))).isFalse();
    }

    private static void awaitTold(
            Map<PortId, List<String>> told, PortId port, List<String> addresses)
            throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!addresses.equals(told.get(port)) && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        assertThat(told).containsEntry(port, addresses);
    }

    @Test
    void aPolicyHoldsForAPodThatComesBackAndAfterARestart() throws Exception {
        Machine client = pod("client");
        Machine server = pod("server");
        isolate(server, Direction.INGRESS);
        await(false, client, server.ip(), 8080);
        opened.remove(server);
        server.close();
        engine.detach(server.port().id());
        engine.close();
        engine = open();
        assertThat(engine.policies().policies()).containsExactly(POLICY);

        Machine again = pod("server");
        isolate(again, Direction.INGRESS);
        await(false, client, again.ip(), 8080);
        engine.policies().deletePolicy(POLICY);
        assertThat(engine.policies().policies()).isEmpty();
        await(true, client, again.ip(), 8080);
    }
}
