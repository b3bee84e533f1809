package io.hypernetes.conformance;

import static io.hypernetes.conformance.ScheduledCluster.NODES;
import static io.hypernetes.conformance.ScheduledCluster.awaitRunning;
import static io.hypernetes.conformance.ScheduledCluster.awaitUnschedulable;
import static io.hypernetes.conformance.ScheduledCluster.condition;
import static io.hypernetes.conformance.ScheduledCluster.isGoing;
import static io.hypernetes.conformance.ScheduledCluster.limited;
import static io.hypernetes.conformance.ScheduledCluster.on;
import static io.hypernetes.conformance.ScheduledCluster.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * Upstream's predicates.go and preemption.go, with pods of a tenant and of the operator where both
 * may ask for it.
 */
@Execution(ExecutionMode.SAME_THREAD)
final class SchedulerIT {
    private static final String FOO = "scheduling.k8s.io/foo";

    private static ScheduledCluster cluster;

    @BeforeAll
    static void start() {
        cluster = new ScheduledCluster();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @AfterEach
    void clear() {
        cluster.clear();
    }

    @Upstream(
            "[sig-scheduling] SchedulerPredicates [Serial] validates resource limits of pods that"
                    + " are allowed to run [Conformance]")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aPodThatNoNodeHasRoomForWaits(boolean tenant) {
        Space space = cluster.space(tenant);
        for (String node : NODES) {
            pod(space, "filler-" + node, "", on(node), "{requests: {cpu: 2800m}}");
            assertThat(awaitRunning(space, "filler-" + node)).isEqualTo(node);
        }
        pod(space, "additional", "", "", "{requests: {cpu: '2'}}");
        assertThat(awaitUnschedulable(space, "additional"))
                .startsWith("0/3 nodes are available: 3 Insufficient cpu.");
        space.pods().delete("filler-node-b");
        assertThat(awaitRunning(space, "additional")).isEqualTo("node-b");
    }

    @Upstream(
            "[sig-scheduling] SchedulerPredicates [Serial] validates that NodeSelector is respected"
                    + " if not matching [Conformance]")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSelectorThatMatchesNoNodeIsRespected(boolean tenant) {
        Space space = cluster.space(tenant);
        pod(space, "restricted", "", "nodeSelector: {label: nonempty}", "{}");
        assertThat(awaitUnschedulable(space, "restricted"))
                .contains("3 node(s) didn't match Pod's node affinity/selector");
    }

    @Upstream(
            "[sig-scheduling] SchedulerPredicates [Serial] validates that NodeSelector is respected"
                    + " if matching [Conformance]")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSelectorThatMatchesOneNodeIsRespected(boolean tenant) {
        Space space = cluster.space(tenant);
        String label = "kubernetes.io/e2e-" + space.namespace();
        cluster.nodes().merge("node-c", "{metadata: {labels: {%s: '42'}}}".formatted(label));
        pod(space, "with-labels", "", "nodeSelector: {%s: '42'}".formatted(label), "{}");
        assertThat(awaitRunning(space, "with-labels")).isEqualTo("node-c");
    }

    @Upstream(
            "[sig-scheduling] SchedulerPredicates [Serial] validates that there exists conflict"
                    + " between pods with same hostPort and protocol but one using 0.0.0.0 hostIP"
                    + " [Conformance]")
    @Test
    void aPortOfAllAddressesIsAPortOfEach() {
        Space space = cluster.space(false);
        String port =
                "{apiVersion: v1, kind: Pod, metadata: {name: %s}, spec: {nodeSelector:"
                    + " {kubernetes.io/hostname: node-a}, containers: [{name: c, image: i, ports:"
                    + " [{containerPort: 8080, hostPort: 54322, protocol: TCP, hostIP: %s}]}]}}";
        space.pods().create(port.formatted("everywhere", "0.0.0.0"));
        assertThat(awaitRunning(space, "everywhere")).isEqualTo("node-a");
        space.pods().create(port.formatted("local", "127.0.0.1"));
        assertThat(awaitUnschedulable(space, "local"))
                .contains("1 node(s) didn't have free ports for the requested pod ports");
    }

    private static void priority(Space space, String name, int value) {
        space.cluster("scheduling.k8s.io/v1", "priorityclasses")
                .create(
                        "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: %s},"
                                        .formatted(named(space, name))
                                + " value: %d}".formatted(value));
    }

    /** Classes have no namespace, so each test of the operator's world has its own. */
    private static String named(Space space, String priority) {
        return space.namespace() + "-" + priority;
    }

    private static String of(Space space, String priority) {
        return "priorityClassName: " + named(space, priority);
    }

    /** Two thirds of each node are taken, on the first by the least important pod. */
    private static void fill(Space space) {
        priority(space, "low", 1);
        priority(space, "medium", 100);
        priority(space, "high", 1000);
        cluster.offer(FOO, 3);
        for (String node : NODES) {
            String priority = of(space, node.equals("node-a") ? "low" : "medium");
            pod(space, node, "", priority + "\n  " + on(node), limited(FOO, 2));
            assertThat(awaitRunning(space, node)).isEqualTo(node);
        }
    }

    private static void onlyTheLeastImportantWent(Space space) {
        assertThat(isGoing(space, "node-a")).isTrue();
        assertThat(isGoing(space, "node-b")).isFalse();
        assertThat(isGoing(space, "node-c")).isFalse();
    }

    @Upstream(
            "[sig-scheduling] SchedulerPreemption [Serial] validates basic preemption works"
                    + " [Conformance]")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void theLeastImportantMakesRoom(boolean tenant) {
        Space space = cluster.space(tenant);
        fill(space);
        pod(space, "preemptor", "", of(space, "high"), limited(FOO, 2));
        assertThat(awaitRunning(space, "preemptor")).isEqualTo("node-a");
        onlyTheLeastImportantWent(space);
    }

    @Upstream(
            "[sig-scheduling] SchedulerPreemption [Serial] validates lower priority pod preemption"
                    + " by critical pod [Conformance]")
    @Test
    void aCriticalPodIsMoreImportantThanAny() {
        Space space = cluster.space(false);
        fill(space);
        Space system = new Space(space.world(), space.http(), "kube-system");
        pod(system, "critical", "", "priorityClassName: system-cluster-critical", limited(FOO, 2));
        assertThat(awaitRunning(system, "critical")).isEqualTo("node-a");
        onlyTheLeastImportantWent(space);
        system.pods().delete("critical");
        system.pods().awaitGone("critical");
    }

    @Upstream(
            "[sig-scheduling] SchedulerPreemption [Serial] validates pod disruption condition is"
                    + " added to the preempted pod [Conformance]")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void whoMadeRoomSaysWhy(boolean tenant) {
        Space space = cluster.space(tenant);
        priority(space, "low", 1);
        priority(space, "high", 1000);
        cluster.offer(FOO, 3);
        String node = "\n  " + on("node-b");
        pod(
                space,
                "victim",
                "finalizers: [example.com/e2e]",
                of(space, "low") + node,
                limited(FOO, 2));
        awaitRunning(space, "victim");
        pod(space, "preemptor", "", of(space, "high") + node, limited(FOO, 2));
        var victim = space.pods().await("victim", Metadata::isBeingDeleted);
        var condition = condition(victim, "DisruptionTarget");
        assertThat(condition.path("status").asString()).isEqualTo("True");
        assertThat(condition.path("reason").asString()).isEqualTo("PreemptionByScheduler");
        space.pods().merge("victim", "{metadata: {finalizers: null}}");
        assertThat(awaitRunning(space, "preemptor")).isEqualTo("node-b");
    }

    private static void replicas(Space space, String name, String priority, int amount) {
        space.objects("apps/v1", "replicasets")
                .create(
                        """
                        apiVersion: apps/v1
                        kind: ReplicaSet
                        metadata: {name: %1$s}
                        spec:
                          replicas: 1
                          selector: {matchLabels: {name: %1$s}}
                          template:
                            metadata: {labels: {name: %1$s}}
                            spec:
                              terminationGracePeriodSeconds: 0
                              %2$s
                              %3$s
                              containers: [{name: pause, image: pause, resources: %4$s}]
                        """
                                .formatted(
                                        name,
                                        on("node-c"),
                                        of(space, priority),
                                        limited("example.com/fakecpu", amount)));
        space.objects("apps/v1", "replicasets")
                .await(name, set -> WorkloadIT.number(set, "readyReplicas") == 1);
    }

    @Upstream(
            "[sig-scheduling] SchedulerPreemption [Serial] PreemptionExecutionPath runs ReplicaSets"
                    + " to verify preemption running path [Conformance]")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void noMoreThanNeededMakeRoomAndTheyWaitInTurn(boolean tenant) {
        Space space = cluster.space(tenant);
        for (int i = 1; i <= 4; i++) {
            priority(space, "p" + i, i);
        }
        cluster.offer("example.com/fakecpu", 1000);
        replicas(space, "rs-1", "p1", 200);
        replicas(space, "rs-2", "p2", 300);
        replicas(space, "rs-3", "p3", 450);
        Set<String> first = new HashSet<>(space.pods().names());
        pod(
                space,
                "pod-4",
                "",
                of(space, "p4") + "\n  " + on("node-c"),
                limited("example.com/fakecpu", 500));
        assertThat(awaitRunning(space, "pod-4")).isEqualTo("node-c");
        Awaitility.await("pods in the place of the two that made room")
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    Set<String> now = new HashSet<>(space.pods().names());
                    now.retainAll(first);
                    return now.size() == 1
                            && now.iterator().next().startsWith("rs-3-")
                            && space.pods().list(Objects.labelled("name=rs-1")).size() == 1
                            && space.pods().list(Objects.labelled("name=rs-2")).size() == 1;
                });
        space.objects("apps/v1", "replicasets").deleteAll("propagationPolicy=Foreground");
        space.objects("apps/v1", "replicasets").awaitCount(0);
    }
}
