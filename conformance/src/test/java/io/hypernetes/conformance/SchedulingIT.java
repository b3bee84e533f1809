package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

/** Upstream's limit_range.go, the classes of preemption.go, and persistent_volumes.go. */
final class SchedulingIT {
    private static final String RANGE =
            """
            apiVersion: v1
            kind: LimitRange
            metadata: {name: %s, labels: {e2e: %s}}
            spec:
              limits:
              - type: Container
                min: {cpu: 50m, memory: 100Mi, ephemeral-storage: 100Gi}
                max: {cpu: 500m, memory: 500Mi, ephemeral-storage: 500Gi}
                default: {cpu: 500m, memory: 500Mi, ephemeral-storage: 500Gi}
                defaultRequest: {cpu: 100m, memory: 200Mi, ephemeral-storage: 200Gi}
            """;

    private static ObjectNode pod(Space space, String resources) {
        ObjectNode pod =
                space.pods()
                        .create(
                                "{apiVersion: v1, kind: Pod, metadata: {generateName: p-}, spec:"
                                        + " {containers: [{name: c, image: i, resources: "
                                        + resources
                                        + "}]}}");
        return (ObjectNode) pod.path("spec").path("containers").path(0).path("resources");
    }

    @Upstream(
            "[sig-scheduling] LimitRange should create a LimitRange with defaults and ensure pod"
                    + " has those defaults applied. [Conformance]")
    @InWorlds
    void aRangeGivesDefaultsAndRefuses(Space space) {
        Objects ranges = space.objects("v1", "limitranges");
        ranges.create(RANGE.formatted("range", space.namespace()));
        assertThat(pod(space, "{}"))
                .isEqualTo(
                        Objects.tree(
                                """
                                limits: {cpu: 500m, memory: 500Mi, ephemeral-storage: 500Gi}
                                requests: {cpu: 100m, memory: 200Mi, ephemeral-storage: 200Gi}
                                """));
        assertThat(
                        pod(
                                        space,
                                        "{limits: {cpu: 300m}, requests: {memory: 150Mi,"
                                                + " ephemeral-storage: 150Gi}}")
                                .path("requests"))
                .isEqualTo(Objects.tree("{cpu: 300m, memory: 150Mi, ephemeral-storage: 150Gi}"));
        assertThat(Refused.by(() -> pod(space, "{requests: {cpu: 10m, memory: 50Mi}}")).code())
                .isEqualTo(403);
        assertThat(Refused.by(() -> pod(space, "{requests: {cpu: 600m}}")).code()).isIn(403, 422);
        ranges.merge(
                "range",
                "{spec: {limits: [{type: Container, min: {cpu: 9m, memory: 49Mi}, max: {cpu: '2',"
                        + " memory: 1Gi}, default: {cpu: 500m}, defaultRequest: {cpu: 100m}}]}}");
        pod(space, "{requests: {cpu: 10m, memory: 50Mi}}");
        ranges.delete("range");
        ranges.awaitGone("range");
        pod(space, "{requests: {cpu: 8m}}");
    }

    @Upstream(
            "[sig-scheduling] LimitRange should list, patch and delete a LimitRange by collection"
                    + " [Conformance]")
    @InWorlds
    void rangesAreDeletedByLabel(Space space) {
        String other = Space.unique("other");
        space.newNamespace(other);
        Objects here = space.objects("v1", "limitranges");
        Objects there = Objects.of(space.http(), "v1", "limitranges", other);
        here.create(RANGE.formatted("a", space.namespace()));
        there.create(RANGE.formatted("b", space.namespace()));
        String mine = Objects.labelled("e2e=" + space.namespace());
        assertThat(here.everyNamespace().names(mine)).containsExactlyInAnyOrder("a", "b");
        ObjectNode patched =
                here.patch(
                        "a",
                        Objects.STRATEGIC,
                        "{\"metadata\": {\"labels\": {\"a\": \"patched\"}}, \"spec\": {\"limits\":"
                                + " [{\"type\": \"Container\", \"min\": {\"cpu\": \"40m\"}}]}}");
        assertThat(Metadata.label(patched, "a")).isEqualTo("patched");
        here.deleteAll(Objects.labelled("a=patched"));
        here.awaitGone("a");
        assertThat(here.everyNamespace().names(mine)).containsExactly("b");
    }

    @Upstream(
            "[sig-scheduling] SchedulerPreemption [Serial] PriorityClass endpoints verify"
                    + " PriorityClass endpoints can be operated with different HTTP methods"
                    + " [Conformance]")
    @InWorlds
    void aPriorityKeepsItsValue(Space space) {
        Objects classes = space.cluster("scheduling.k8s.io/v1", "priorityclasses");
        String name = Space.unique("p1");
        ObjectNode made =
                classes.create(
                        "{apiVersion: scheduling.k8s.io/v1, kind: PriorityClass, metadata: {name: %s},"
                                        .formatted(name)
                                + " value: 10, description: one}");
        assertThat(classes.names()).contains(name, "system-cluster-critical");
        made.put("value", 20);
        assertThat(Refused.by(() -> classes.replace(made)).reason()).isEqualTo("Invalid");
        assertThat(Refused.by(() -> classes.merge(name, "{value: 20}")).reason())
                .isEqualTo("Invalid");
        made.put("value", 10).put("description", "two");
        assertThat(classes.replace(made).path("description").asString()).isEqualTo("two");
        assertThat(classes.merge(name, "{description: three}").path("description").asString())
                .isEqualTo("three");
        classes.delete(name);
    }

    @Upstream({
        "[sig-storage] PersistentVolumes CSI Conformance should run through the lifecycle of a PV"
                + " and a PVC [Conformance]",
        "[sig-storage] PersistentVolumes CSI Conformance should apply changes to a pv/pvc status"
                + " [Conformance]"
    })
    @InWorlds
    void volumesAndClaimsLive(Space space) {
        String condition =
                "status: {conditions: [{type: StatusPatch, status: 'True', reason: E2E, message:"
                        + " m}]}";
        new Lifecycle(
                        space,
                        space.objects("v1", "persistentvolumeclaims"),
                        "PersistentVolumeClaim",
                        """
                        spec:
                          accessModes: [ReadWriteOnce]
                          storageClassName: e2e-none
                          resources: {requests: {storage: 1Gi}}
                        """)
                .withStatus(condition)
                .run();
        new Lifecycle(
                        space,
                        space.cluster("v1", "persistentvolumes"),
                        "PersistentVolume",
                        """
                        spec:
                          capacity: {storage: 1Gi}
                          accessModes: [ReadWriteOnce]
                          storageClassName: e2e-none
                          csi: {driver: e2e.example.com, volumeHandle: e2e}
                        """)
                .withStatus("status: {message: StatusPatched, reason: E2E}")
                .run();
    }
}
