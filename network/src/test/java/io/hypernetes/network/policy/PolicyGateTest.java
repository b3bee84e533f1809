package io.hypernetes.network.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.memoryclient.MemoryClient;
import io.hypernetes.network.NetworkException;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.PolicyEngine;
import io.hypernetes.network.PolicyId;
import io.hypernetes.network.Port;
import io.hypernetes.network.PortId;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** What a pod's machine waits for, beside an engine that says what is written. */
class PolicyGateTest {

    private static final Tenant ACME = new Tenant("acme");
    private static final PolicyId GUARD = new PolicyId("acme", "web", "guard");

    private final MemoryClient client = new MemoryClient();
    private final Informer pods = new Informer(client, BuiltinTypes.PODS);
    private final Written engine = new Written();

    /** An engine of another machine's writing. */
    private static final class Written implements PolicyEngine {

        private final Map<PolicyId, Long> revisions = new ConcurrentHashMap<>();
        private final List<Map<PolicyId, Long>> asked = new ArrayList<>();
        private volatile int applied;

        @Override
        public synchronized boolean holds(PortId port, Map<PolicyId, Long> wanted) {
            asked.add(wanted);
            return wanted.entrySet().stream()
                    .allMatch(one -> revisions.getOrDefault(one.getKey(), -1L) >= one.getValue());
        }

        /** Returns when a machine has been waiting. */
        void awaitQuestions(int count) throws InterruptedException {
            while (questions() < count) {
                Thread.sleep(1);
            }
        }

        private synchronized int questions() {
            return asked.size();
        }

        @Override
        public synchronized void awaitApplied() {
            applied++;
        }

        @Override
        public void ensurePolicy(PolicyId id, long revision, Policy policy) {
            throw new AssertionError("a machine writes no policies");
        }

        @Override
        public void deletePolicy(PolicyId id) {
            throw new AssertionError("a machine writes no policies");
        }

        @Override
        public List<PolicyId> policies() {
            return List.copyOf(revisions.keySet());
        }

        @Override
        public void listen(PortListener listener) {
            throw new AssertionError("a machine knows its own ports");
        }
    }

    @BeforeEach
    void start() throws InterruptedException {
        pods.start().awaitSynced();
    }

    @AfterEach
    void end() {
        pods.close();
    }

    private PolicyGate gate(Duration patience) {
        return new PolicyGate(client, engine, pods, patience);
    }

    private static ObjectNode object(String name, String app) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.putObject("metadata")
                .put("name", name)
                .put("namespace", "web")
                .putObject("labels")
                .put("app", app);
        return object;
    }

    private Port pod(String app) {
        ObjectNode made = client.create(BuiltinTypes.PODS, ACME, object("pod-" + app, app));
        return port(Metadata.uid(made));
    }

    private static Port port(String uid) {
        return new Port(
                new PortId("acme", uid),
                new NetworkId("acme", "default"),
                "hntap",
                "/run/netns/none",
                "02:00:00:00:00:01",
                List.of(new Port.Address("10.0.0.3", 24, "10.0.0.1")),
                "10.0.0.2",
                1400);
    }

    /** Returns its revision. */
    private long policy(String name, String app) {
        ObjectNode policy = object(name, "none");
        policy.putObject("spec").putObject("podSelector").putObject("matchLabels").put("app", app);
        ObjectNode made = client.create(BuiltinTypes.NETWORK_POLICIES, ACME, policy);
        return Long.parseLong(Metadata.resourceVersion(made));
    }

    @Test
    void aPodWithoutPoliciesPassesAtOnce() {
        policy("guard", "other");
        gate(Duration.ofMinutes(1)).await(pod("shop"));
        assertThat(engine.applied).isZero();
    }

    @Test
    void aPodWaitsForTheRevisionThatThereIs() throws Exception {
        Port port = pod("shop");
        long revision = policy("guard", "shop");
        engine.revisions.put(GUARD, revision - 1); // as it was before
        CompletableFuture<Void> passed =
                CompletableFuture.runAsync(() -> gate(Duration.ofMinutes(1)).await(port));
        engine.awaitQuestions(2);
        assertThat(passed).isNotDone();
        assertThat(engine.applied).isZero();
        engine.revisions.put(GUARD, revision);
        passed.get();
        assertThat(engine.applied).isOne();
        assertThat(engine.asked.getLast()).isEqualTo(Map.of(GUARD, revision));
    }

    @Test
    void aPolicyThatIsDeletedIsWaitedForNoLonger() throws Exception {
        Port port = pod("shop");
        policy("guard", "shop");
        CompletableFuture<Void> passed =
                CompletableFuture.runAsync(() -> gate(Duration.ofMinutes(1)).await(port));
        engine.awaitQuestions(1);
        client.delete(
                BuiltinTypes.NETWORK_POLICIES,
                new ObjectKey(ACME, "web", "guard"),
                DeleteOptions.NOW);
        passed.get();
    }

    @Test
    void aPodWhosePoliciesDoNotComeIsNotLetThrough() {
        Port port = pod("shop");
        policy("guard", "shop");
        assertThatThrownBy(() -> gate(Duration.ofMillis(20)).await(port))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("not in force");
    }

    @Test
    void aPodThatNobodyKnowsIsNotLetThrough() {
        assertThatThrownBy(() -> gate(Duration.ofMillis(20)).await(port("nobody")))
                .isInstanceOf(NetworkException.class)
                .hasMessageContaining("not known");
    }
}
