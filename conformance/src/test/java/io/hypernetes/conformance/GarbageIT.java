package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Upstream's garbage_collector.go. */
final class GarbageIT {
    static final String CONTROLLER =
            """
            apiVersion: v1
            kind: ReplicationController
            metadata: {name: %1$s}
            spec:
              replicas: %2$d
              selector: {name: %1$s}
              template:
                metadata: {labels: {name: %1$s}}
                spec: {containers: [{name: nginx, image: nginx}]}
            """;

    static Objects controllers(Space space) {
        return space.objects("v1", "replicationcontrollers");
    }

    private static void controller(Space space, String name, int replicas) {
        controllers(space).create(CONTROLLER.formatted(name, replicas));
        space.pods().awaitCount(replicas, Objects.labelled("name=" + name));
    }

    @Upstream(
            "[sig-api-machinery] Garbage collector should delete pods created by rc when not"
                    + " orphaning [Conformance]")
    @InWorlds
    void inTheBackgroundPodsFollow(Space space) {
        controller(space, "rc", 2);
        controllers(space).delete("rc", "{propagationPolicy: Background}");
        assertThat(controllers(space).exists("rc")).isFalse();
        space.pods().awaitCount(0);
    }

    @Upstream(
            "[sig-api-machinery] Garbage collector should orphan pods created by rc if delete"
                    + " options say so [Serial] [Conformance]")
    @InWorlds
    void orphansStay(Space space) {
        controller(space, "rc", 5);
        controllers(space).delete("rc", "{propagationPolicy: Orphan}");
        controllers(space).awaitGone("rc");
        assertThat(space.pods().list())
                .hasSize(5)
                .allSatisfy(pod -> assertThat(Metadata.ownerReferences(pod)).isEmpty());
    }

    @Upstream(
            "[sig-api-machinery] Garbage collector should keep the rc around until all its pods are"
                    + " deleted if the deleteOptions says so [Serial] [Conformance]")
    @InWorlds
    void inTheForegroundTheOwnerIsLast(Space space) {
        controller(space, "rc", 5);
        // One pod that goes late.
        String late = space.pods().names().getFirst();
        space.pods().merge(late, "{metadata: {finalizers: [example.com/late]}}");
        controllers(space).delete("rc", "{propagationPolicy: Foreground}");
        space.pods().awaitCount(1);
        ObjectNode owner = controllers(space).get("rc");
        assertThat(Metadata.isBeingDeleted(owner)).isTrue();
        assertThat(Metadata.finalizers(owner)).containsExactly("foregroundDeletion");
        space.pods().merge(late, "{metadata: {finalizers: null}}");
        controllers(space).awaitGone("rc");
        assertThat(space.pods().list()).isEmpty();
    }

    @Upstream(
            "[sig-api-machinery] Garbage collector should not delete dependents that have both"
                    + " valid owner and owner that's waiting for dependents to be deleted"
                    + " [Serial] [Conformance]")
    @InWorlds
    void anotherOwnerKeepsAPod(Space space) {
        controller(space, "first", 4);
        ObjectNode other = controllers(space).create(CONTROLLER.formatted("second", 0));
        List<String> shared = space.pods().names().subList(0, 2);
        for (String pod : shared) {
            space.pods()
                    .patch(
                            pod,
                            Objects.STRATEGIC,
                            """
                            {"metadata": {"ownerReferences": [{"apiVersion": "v1",
                             "kind": "ReplicationController", "name": "second", "uid": "%s"}]}}
                            """
                                    .formatted(Metadata.uid(other)));
        }
        controllers(space).delete("first", "{propagationPolicy: Foreground}");
        controllers(space).awaitGone("first");
        assertThat(space.pods().names()).containsExactlyInAnyOrderElementsOf(shared);
        assertThat(space.pods().list())
                .allSatisfy(pod -> {
                    assertThat(Metadata.isBeingDeleted(pod)).isFalse();
                    assertThat(Metadata.ownerReferences(pod))
                            .extracting(Metadata.OwnerReference::name)
                            .containsExactly("second");
                });
    }

    @Upstream(
            "[sig-api-machinery] Garbage collector should not be blocked by dependency circle"
                    + " [Conformance]")
    @InWorlds
    void aCircleOfOwnersGoesAsAWhole(Space space) {
        String pod =
                "{apiVersion: v1, kind: Pod, metadata: {name: %s}, spec: {containers: [{name: c,"
                        + " image: i}]}}";
        List<String> names = List.of("pod1", "pod2", "pod3");
        List<String> uids =
                names.stream()
                        .map(name -> Metadata.uid(space.pods().create(pod.formatted(name))))
                        .toList();
        for (int i = 0; i < 3; i++) {
            int owner = (i + 2) % 3;
            space.pods()
                    .patch(
                            names.get(i),
                            Objects.STRATEGIC,
                            """
                            {"metadata": {"ownerReferences": [{"apiVersion": "v1", "kind": "Pod",
                             "name": "%s", "uid": "%s", "controller": true,
                             "blockOwnerDeletion": true}]}}
                            """
                                    .formatted(names.get(owner), uids.get(owner)));
        }
        space.pods().delete("pod1", "{propagationPolicy: Foreground}");
        space.pods().awaitCount(0);
    }

    private static void deployment(Space space) {
        space.objects("apps/v1", "deployments").create(WorkloadIT.deployment("d", 2, "nginx"));
        space.objects("apps/v1", "replicasets").awaitCount(1);
        space.pods().awaitCount(2);
    }

    @Upstream(
            "[sig-api-machinery] Garbage collector should delete RS created by deployment when not"
                    + " orphaning [Conformance]")
    @InWorlds
    void aDeploymentTakesItsReplicaSetAlong(Space space) {
        deployment(space);
        space.objects("apps/v1", "deployments").delete("d", "{propagationPolicy: Background}");
        space.objects("apps/v1", "replicasets").awaitCount(0);
        space.pods().awaitCount(0);
    }

    @Upstream(
            "[sig-api-machinery] Garbage collector should orphan RS created by deployment when"
                    + " deleteOptions.PropagationPolicy is Orphan [Conformance]")
    @InWorlds
    void aDeploymentLeavesItsReplicaSet(Space space) {
        deployment(space);
        space.objects("apps/v1", "deployments").delete("d", "{propagationPolicy: Orphan}");
        space.objects("apps/v1", "deployments").awaitGone("d");
        assertThat(space.objects("apps/v1", "replicasets").list())
                .singleElement()
                .satisfies(set -> assertThat(Metadata.ownerReferences(set)).isEmpty());
        assertThat(space.pods().list()).hasSize(2);
    }
}
