package io.hypernetes.conformance;

import static io.hypernetes.conformance.ScheduledCluster.awaitRunning;
import static io.hypernetes.conformance.ScheduledCluster.isGoing;
import static io.hypernetes.conformance.ScheduledCluster.on;
import static io.hypernetes.conformance.ScheduledCluster.pod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Upstream's node/taints.go, with shorter times. */
@Execution(ExecutionMode.SAME_THREAD)
final class TaintEvictionIT {
    private static final String TAINT = "kubernetes.io/e2e-evict-taint-key";

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
        cluster.nodes().merge("node-b", "{spec: {taints: null}}");
        cluster.clear();
    }

    private static void patient(Space space, String name, int seconds) {
        String tolerations =
                "tolerations: [{key: %s, value: evictTaintVal, effect: NoExecute, tolerationSeconds: %d}]"
                        .formatted(TAINT, seconds);
        pod(space, name, "", on("node-b") + "\n  " + tolerations, "{}");
        assertThat(awaitRunning(space, name)).isEqualTo("node-b");
    }

    private static void taint() {
        cluster.nodes()
                .merge(
                        "node-b",
                        "{spec: {taints: [{key: %s, value: evictTaintVal, effect: NoExecute}]}}"
                                .formatted(TAINT));
    }

    @Upstream(
            "[sig-node] NoExecuteTaintManager Single Pod [Serial] removing taint cancels eviction"
                    + " [Disruptive] [Conformance]")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aTaintThatGoesInTimeMovesNobody(boolean tenant) throws InterruptedException {
        Space space = cluster.space(tenant);
        patient(space, "patient", 3);
        pod(space, "impatient", "", on("node-b"), "{}");
        awaitRunning(space, "impatient");
        taint();
        space.pods().awaitGone("impatient"); // so the taint has been seen
        cluster.nodes().merge("node-b", "{spec: {taints: null}}");
        Thread.sleep(4_000);
        assertThat(isGoing(space, "patient")).isFalse();
    }

    @Upstream(
            "[sig-node] NoExecuteTaintManager Multiple Pods [Serial] evicts pods with"
                    + " minTolerationSeconds [Disruptive] [Conformance]")
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void eachPodHasItsOwnTime(boolean tenant) {
        Space space = cluster.space(tenant);
        patient(space, "first", 1);
        patient(space, "second", 600);
        taint();
        space.pods().awaitGone("first");
        assertThat(isGoing(space, "second")).isFalse();
    }
}
