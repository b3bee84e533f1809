package io.hypernetes.network.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.memoryclient.MemoryClient;
import io.hypernetes.network.Machine;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.NetworkSpec;
import io.hypernetes.network.Port;
import io.hypernetes.network.PortId;
import io.hypernetes.network.local.ServedNetworks;
import io.hypernetes.network.policy.PolicyController;
import io.hypernetes.network.policy.PolicyGate;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One controller writes the policies of the pods of two machines. */
class PoliciesOfTwoMachinesIT {

    private static final Tenant ACME = new Tenant("acme");
    private static final NetworkId NETWORK = new NetworkId("acme", "default");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration SHORT = Duration.ofMillis(500);

    @TempDir Path directory;

    private final MemoryClient client = new MemoryClient();
    private final List<AutoCloseable> opened = new CopyOnWriteArrayList<>();
    private TwoMachines machines;
    private OvnEngine central;
    private NetworkEngine first;
    private NetworkEngine second;

    @BeforeEach
    void start() throws Exception {
        long pid = ProcessHandle.current().pid();
        String host = "127.79.%d.%d".formatted(pid >> 8 & 0xff, pid & 0xff);
        machines = TwoMachines.start(directory, "hnp" + pid, host, 1500);
        central = new OvnEngine(machines.first());
        first = node(central);
        second = node(new OvnEngine(machines.second()));
        first.ensureNetwork(new NetworkSpec(NETWORK, "10.0.0.0/24", "10.0.0.1"));
    }

    /** As a node's agent has it. */
    private NetworkEngine node(OvnEngine engine) throws InterruptedException {
        Informer pods = new Informer(client, BuiltinTypes.PODS);
        opened.add(pods);
        pods.start().awaitSynced();
        PolicyGate gate = new PolicyGate(client, engine.policies(), pods, PATIENCE);
        return new ServedNetworks(engine, List.of(), gate::await);
    }

    /** As the machine has it that keeps the networks. */
    private PolicyController controller() {
        Informer policies = new Informer(client, BuiltinTypes.NETWORK_POLICIES);
        Informer pods = new Informer(client, BuiltinTypes.PODS);
        Informer namespaces = new Informer(client, BuiltinTypes.NAMESPACES);
        opened.addAll(List.of(policies, pods, namespaces));
        PolicyController controller =
                new PolicyController(central.policies(), policies, pods, namespaces);
        opened.add(controller);
        controller.start();
        return controller;
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable resource : opened.reversed()) {
            resource.close();
        }
        second.ports().forEach(second::detach);
        first.networks().forEach(first::deleteNetwork);
        second.close();
        first.close();
        machines.close();
    }

    private Machine pod(NetworkEngine node, String name) {
        ObjectNode pod = object(name);
        pod.withObject("metadata").putObject("labels").put("app", name);
        ObjectNode made = client.create(BuiltinTypes.PODS, ACME, pod);
        Port port = node.attach(NETWORK, new PortId("acme", Metadata.uid(made)));
        node.awaitReady(port);
        Machine machine = new Machine(port);
        opened.add(machine);
        return machine;
    }

    private static ObjectNode object(String name) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.putObject("metadata").put("name", name).put("namespace", "web");
        return object;
    }

    /** Who may ask the server. */
    private void allow(String app) {
        ObjectNode policy = object("guard");
        ObjectNode spec = policy.putObject("spec");
        spec.putObject("podSelector").putObject("matchLabels").put("app", "server");
        ObjectNode peer = spec.putArray("ingress").addObject().putArray("from").addObject();
        peer.putObject("podSelector").putObject("matchLabels").put("app", app);
        client.create(BuiltinTypes.NETWORK_POLICIES, ACME, policy);
    }

    private static boolean reaches(Machine from, Machine to) throws IOException {
        try {
            return from.ask(to.ip(), 80, SHORT).equals("server");
        } catch (SocketTimeoutException _) {
            return false; // dropped
        }
    }

    private static void awaitReached(Machine from, Machine to) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!reaches(from, to)) {
            assertThat(System.nanoTime()).isLessThan(end);
        }
    }

    @Test
    void aPodOfTheOtherMachineRunsUnderItsPoliciesAndMayReachOthersByTheirs() throws Exception {
        controller();
        Machine stranger = pod(first, "stranger");
        allow("friend");
        Machine server = pod(second, "server").serveTcp(80, "server");
        assertThat(reaches(stranger, server)).isFalse(); // the first packet already
        Machine friend = pod(second, "friend"); // no status tells its address
        awaitReached(friend, server);
        assertThat(reaches(stranger, server)).isFalse();

        client.delete(
                BuiltinTypes.NETWORK_POLICIES,
                new ObjectKey(ACME, "web", "guard"),
                DeleteOptions.NOW);
        awaitReached(stranger, server);
        assertThat(central.policies().policies()).isEmpty();
    }

    @Test
    void aMachineWritesNoPolicyItself() throws Exception {
        allow("friend");
        Thread starting = Thread.ofVirtual().start(() -> pod(second, "server"));
        while (second.ports().isEmpty()) {
            Thread.sleep(5);
        }
        assertThat(central.policies().policies()).isEmpty();
        assertThat(starting.join(SHORT)).isFalse(); // nobody has written its policies yet
        controller();
        assertThat(starting.join(PATIENCE)).isTrue();
        assertThat(central.policies().policies()).hasSize(1);
    }
}
