package io.hypernetes.conformance;

import static io.hypernetes.conformance.ScheduledCluster.NODES;
import static io.hypernetes.conformance.ScheduledCluster.nodeOf;
import static io.hypernetes.conformance.WorkloadIT.number;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Upstream's daemon_set.go: only the operator's world has nodes to run daemons on. */
@Execution(ExecutionMode.SAME_THREAD)
final class DaemonSetIT {
    private static ScheduledCluster cluster;

    private Space space;
    private Objects sets;

    @BeforeAll
    static void start() {
        cluster = new ScheduledCluster();
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    @BeforeEach
    void open() {
        space = cluster.space(false);
        sets = space.objects("apps/v1", "daemonsets");
    }

    @AfterEach
    void clear() {
        sets.delete("ds", "{propagationPolicy: Foreground}");
        sets.awaitGone("ds");
        cluster.clear();
    }

    private void create(String spec, String podSpec) {
        sets.create(
                """
                apiVersion: apps/v1
                kind: DaemonSet
                metadata: {name: ds}
                spec:
                  selector: {matchLabels: {daemonset-name: ds}}
                  %s
                  template:
                    metadata: {labels: {daemonset-name: ds}}
                    spec:
                      %s
                      containers: [{name: app, image: httpd}]
                """
                        .formatted(spec, podSpec));
    }

    private void awaitOn(String... nodes) {
        Awaitility.await("daemons on " + List.of(nodes))
                .atMost(Duration.ofSeconds(60))
                .until(() -> {
                    List<String> ready =
                            space.pods().list().stream()
                                    .filter(pod -> !Metadata.isBeingDeleted(pod))
                                    .filter(pod -> Definition.isTrue(pod, "Ready"))
                                    .map(ScheduledCluster::nodeOf)
                                    .sorted()
                                    .toList();
                    return ready.equals(List.of(nodes));
                });
    }

    private void awaitOnAll() {
        awaitOn(NODES.toArray(String[]::new));
    }

    private ObjectNode daemonOn(String node) {
        return space.pods().list().stream()
                .filter(pod -> nodeOf(pod).equals(node) && !Metadata.isBeingDeleted(pod))
                .findFirst()
                .orElseThrow();
    }

    private Set<String> uids() {
        Set<String> uids = new HashSet<>();
        space.pods().list().forEach(pod -> uids.add(Metadata.uid(pod)));
        return uids;
    }

    @Upstream("[sig-apps] Daemon set [Serial] should run and stop simple daemon [Conformance]")
    @Test
    void aDaemonRunsOnEachNodeAndComesBack() {
        create("", "");
        awaitOnAll();
        ObjectNode stopped = daemonOn("node-b");
        space.pods().delete(Metadata.name(stopped));
        space.pods().awaitGone(Metadata.name(stopped));
        awaitOnAll();
        assertThat(
                        number(
                                sets.await("ds", ds -> number(ds, "numberReady") == 3),
                                "desiredNumberScheduled"))
                .isEqualTo(3);
    }

    private static void color(String node, String color) {
        cluster.nodes().merge(node, "{metadata: {labels: {daemonset-color: %s}}}".formatted(color));
    }

    @Upstream("[sig-apps] Daemon set [Serial] should run and stop complex daemon [Conformance]")
    @Test
    void aDaemonFollowsTheLabelsOfNodes() {
        create("", "nodeSelector: {daemonset-color: blue}");
        sets.await("ds", ds -> number(ds, "observedGeneration") == 1);
        space.pods().awaitCount(0);
        color("node-c", "blue");
        awaitOn("node-c");
        color("node-c", "green");
        space.pods().awaitCount(0);
        sets.merge(
                "ds",
                "{spec: {updateStrategy: {type: RollingUpdate}, template: {spec: {nodeSelector:"
                        + " {daemonset-color: green}}}}}");
        awaitOn("node-c");
        color("node-c", "null");
        space.pods().awaitCount(0);
    }

    @Upstream(
            "[sig-apps] Daemon set [Serial] should retry creating failed daemon pods [Conformance]")
    @Test
    void aDaemonThatHasFailedIsMadeAnew() {
        create("", "");
        awaitOnAll();
        String failed = Metadata.name(daemonOn("node-a"));
        space.pods().merge(failed, "{status: {phase: Failed}}", "status");
        space.pods().awaitGone(failed);
        awaitOnAll();
    }

    private String revision() {
        return space.objects("apps/v1", "controllerrevisions").list().stream()
                .max((a, b) ->
                        Long.compare(a.path("revision").asLong(), b.path("revision").asLong()))
                .map(newest -> Metadata.label(newest, "controller-revision-hash"))
                .orElseThrow();
    }

    private boolean areAllOf(String revision) {
        List<ObjectNode> pods = space.pods().list();
        return pods.size() == 3
                && pods.stream()
                        .allMatch(pod ->
                                Metadata.label(pod, "controller-revision-hash").equals(revision)
                                        && Definition.isTrue(pod, "Ready"));
    }

    private void image(String image, String labels) {
        sets.patch(
                "ds",
                Objects.STRATEGIC,
                """
                {"spec": {"template": {"metadata": {"labels": {%s}},
                 "spec": {"containers": [{"name": "app", "image": "%s"}]}}}}
                """
                        .formatted(labels, image));
    }

    @Upstream(
            "[sig-apps] Daemon set [Serial] should update pod when spec was updated and update"
                    + " strategy is RollingUpdate [Conformance]")
    @Test
    void aNewTemplateRollsOverTheNodes() {
        create("updateStrategy: {type: RollingUpdate}", "");
        awaitOnAll();
        String first = revision();
        assertThat(areAllOf(first)).isTrue();
        image("agnhost", "");
        Awaitility.await("all daemons of a second revision")
                .atMost(Duration.ofSeconds(60))
                .until(() -> !revision().equals(first) && areAllOf(revision()));
        assertThat(WorkloadIT.images(space)).containsOnly("agnhost");
        assertThat(space.objects("apps/v1", "controllerrevisions").list()).hasSize(2);
    }

    @Upstream(
            "[sig-apps] Daemon set [Serial] should rollback without unnecessary restarts"
                    + " [Conformance]")
    @Test
    void whatWasNotReachedByABadTemplateIsNotRestarted() {
        create("updateStrategy: {type: RollingUpdate}", "");
        awaitOnAll();
        Set<String> first = uids();
        image("foo:non-existent", "\"fake\": \"unready\"");
        Awaitility.await("one daemon of the bad template")
                .atMost(Duration.ofSeconds(60))
                .until(() -> WorkloadIT.images(space).contains("foo:non-existent"));
        image("httpd", "\"fake\": null");
        awaitOnAll();
        assertThat(WorkloadIT.images(space)).containsOnly("httpd");
        Set<String> kept = uids();
        kept.retainAll(first);
        assertThat(kept).hasSize(2);
    }
}
