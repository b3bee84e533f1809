package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.Stream;

/** Upstream's statefulset.go and controller_revision.go: what the controller does with pods. */
final class StatefulSetIT {
    private static final String REVISION = "controller-revision-hash";

    private static Objects sets(Space space) {
        return WorkloadIT.apps(space, "statefulsets");
    }

    private static void create(Space space, int replicas, String more) {
        sets(space)
                .create(
                        WorkloadIT.workload(
                                "StatefulSet",
                                "ss",
                                replicas,
                                "one",
                                "serviceName: test\n" + more));
    }

    private static void image(Space space, String image) {
        sets(space)
                .patch(
                        "ss",
                        Objects.JSON_PATCH,
                        "[{\"op\": \"replace\", \"path\":"
                                + " \"/spec/template/spec/containers/0/image\","
                                + " \"value\": \"%s\"}]".formatted(image));
    }

    private static String revision(ObjectNode set, String which) {
        return set.path("status").path(which + "Revision").asString("");
    }

    private static ObjectNode awaitReady(Space space, int replicas) {
        return sets(space)
                .await(
                        "ss",
                        set ->
                                isSeen(set)
                                        && WorkloadIT.number(set, "replicas") == replicas
                                        && WorkloadIT.number(set, "readyReplicas") == replicas);
    }

    private static boolean isSeen(ObjectNode set) {
        return WorkloadIT.number(set, "observedGeneration") == Metadata.generation(set);
    }

    private static ObjectNode awaitUpdated(Space space, int updated) {
        return sets(space)
                .await(
                        "ss",
                        set -> isSeen(set) && WorkloadIT.number(set, "updatedReplicas") == updated);
    }

    private static ObjectNode awaitRolledOut(Space space, int replicas) {
        awaitUpdated(space, replicas);
        ObjectNode set = awaitReady(space, replicas);
        return sets(space)
                .await(
                        Metadata.name(set),
                        s -> revision(s, "current").equals(revision(s, "update")));
    }

    private static List<String> imagesInOrder(Space space) {
        return space.pods().list().stream()
                .map(pod -> pod.path("spec").path("containers").path(0).path("image").asString())
                .toList();
    }

    /** What a kubelet writes when a probe fails, or succeeds again. */
    private static void ready(Space space, String pod, boolean ready) {
        space.pods()
                .change(
                        pod,
                        read ->
                                read.path("status")
                                        .path("conditions")
                                        .valueStream()
                                        .filter(c -> c.path("type").asString().equals("Ready"))
                                        .forEach(c ->
                                                ((ObjectNode) c)
                                                        .put("status", ready ? "True" : "False")),
                        "status");
    }

    @Upstream(
            "[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should"
                    + " perform rolling updates and roll backs of template modifications"
                    + " [Conformance]")
    @InWorlds
    void anUpdateRollsFromTheLastAndBack(Space space) {
        create(space, 3, "");
        String first = revision(awaitRolledOut(space, 3), "current");
        try (Watching watch = space.pods().watch("resourceVersion=" + version(space))) {
            image(space, "two");
            ObjectNode updated = awaitRolledOut(space, 3);
            assertThat(revision(updated, "update")).isNotEqualTo(first);
            assertThat(Stream.generate(() -> watch.until("DELETED")).limit(3))
                    .extracting(Watching.Event::name)
                    .containsExactly("ss-2", "ss-1", "ss-0");
        }
        assertThat(imagesInOrder(space)).containsOnly("two");
        image(space, "one");
        assertThat(revision(awaitRolledOut(space, 3), "current")).isEqualTo(first);
        assertThat(imagesInOrder(space)).containsOnly("one");
        assertThat(space.pods().list()).allMatch(p -> Metadata.label(p, REVISION).equals(first));
    }

    private static String version(Space space) {
        return Metadata.resourceVersion(space.pods().listing(""));
    }

    private static void partition(Space space, int partition) {
        sets(space)
                .merge(
                        "ss",
                        "{spec: {updateStrategy: {rollingUpdate: {partition: %d}}}}"
                                .formatted(partition));
    }

    @Upstream(
            "[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should"
                    + " perform canary updates and phased rolling updates of template"
                    + " modifications [Conformance]")
    @InWorlds
    void anUpdateComesInPhases(Space space) {
        create(space, 3, "updateStrategy: {type: RollingUpdate, rollingUpdate: {partition: 3}}");
        String old = revision(awaitReady(space, 3), "current");
        image(space, "two");
        ObjectNode set =
                sets(space).await("ss", s -> isSeen(s) && !revision(s, "update").equals(old));
        assertThat(revision(set, "current")).isEqualTo(old);
        assertThat(imagesInOrder(space)).containsOnly("one");
        partition(space, 2);
        awaitUpdated(space, 1);
        awaitReady(space, 3);
        assertThat(imagesInOrder(space)).containsExactly("one", "one", "two");
        // What is lost comes back as it was: the canary new, the others old.
        String uid = Metadata.uid(space.pods().get("ss-0"));
        space.pods().delete("ss-0");
        space.pods().delete("ss-2");
        space.pods().await("ss-0", pod -> !Metadata.uid(pod).equals(uid));
        awaitReady(space, 3);
        assertThat(imagesInOrder(space)).containsExactly("one", "one", "two");
        partition(space, 1);
        awaitUpdated(space, 2);
        awaitReady(space, 3);
        assertThat(imagesInOrder(space)).containsExactly("one", "two", "two");
        partition(space, 0);
        awaitRolledOut(space, 3);
        assertThat(imagesInOrder(space)).containsOnly("two");
    }

    @Upstream(
            "[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] Scaling"
                    + " should happen in predictable order and halt if any stateful pod is"
                    + " unhealthy [Slow] [Conformance]")
    @InWorlds
    void anUnhealthyPodHaltsTheScaling(Space space) {
        create(space, 1, "");
        awaitReady(space, 1);
        ready(space, "ss-0", false);
        sets(space).merge("ss", "{spec: {replicas: 3}}");
        sets(space).await("ss", s -> isSeen(s) && WorkloadIT.number(s, "readyReplicas") == 0);
        assertThat(space.pods().names()).containsExactly("ss-0");
        try (Watching watch = space.pods().watch("resourceVersion=" + version(space))) {
            ready(space, "ss-0", true);
            assertThat(watch.until("ADDED").name()).isEqualTo("ss-1");
            assertThat(watch.until("ADDED").name()).isEqualTo("ss-2");
            awaitReady(space, 3);
            space.pods().names().forEach(pod -> ready(space, pod, false));
            sets(space).await("ss", s -> WorkloadIT.number(s, "readyReplicas") == 0);
            sets(space).merge("ss", "{spec: {replicas: 0}}");
            sets(space).await("ss", StatefulSetIT::isSeen);
            assertThat(space.pods().names()).containsExactly("ss-0", "ss-1", "ss-2");
            // Then the last is the first that is unhealthy, and need not wait.
            ready(space, "ss-0", true);
            ready(space, "ss-1", true);
            assertThat(Stream.generate(() -> watch.until("DELETED")).limit(3))
                    .extracting(Watching.Event::name)
                    .containsExactly("ss-2", "ss-1", "ss-0");
        }
    }

    @Upstream(
            "[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] Burst"
                    + " scaling should run to completion even with unhealthy pods [Slow]"
                    + " [Conformance]")
    @InWorlds
    void inParallelNobodyWaits(Space space) {
        create(space, 1, "podManagementPolicy: Parallel");
        awaitReady(space, 1);
        ready(space, "ss-0", false);
        sets(space).merge("ss", "{spec: {replicas: 3}}");
        sets(space).await("ss", s -> WorkloadIT.number(s, "readyReplicas") == 2);
        assertThat(space.pods().names()).containsExactly("ss-0", "ss-1", "ss-2");
        sets(space).merge("ss", "{spec: {replicas: 0}}");
        space.pods().awaitCount(0);
        sets(space).await("ss", s -> isSeen(s) && WorkloadIT.number(s, "replicas") == 0);
    }

    @Upstream(
            "[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] Should"
                    + " recreate evicted statefulset [Conformance]")
    @InWorlds
    void aPodThatANodeEvictsIsMadeAnew(Space space) {
        create(space, 1, "");
        awaitReady(space, 1);
        String uid = Metadata.uid(space.pods().get("ss-0"));
        space.pods().merge("ss-0", "{status: {phase: Failed, reason: Evicted}}", "status");
        ObjectNode pod = space.pods().await("ss-0", p -> !Metadata.uid(p).equals(uid));
        assertThat(Metadata.label(pod, "apps.kubernetes.io/pod-index")).isEqualTo("0");
        awaitReady(space, 1);
    }

    @Upstream(
            "[sig-apps] ControllerRevision [Serial] should manage the lifecycle of a"
                    + " ControllerRevision [Conformance]")
    @InWorlds
    void aRevisionLives(Space space) {
        create(space, 1, "");
        awaitReady(space, 1);
        Objects revisions = WorkloadIT.apps(space, "controllerrevisions");
        String mine = Objects.labelled("name=ss");
        ObjectNode first = revisions.list(mine).getFirst();
        assertThat(revisions.everyNamespace().names(mine)).contains(Metadata.name(first));
        ObjectNode patched =
                revisions.merge(Metadata.name(first), "{metadata: {labels: {patched: 'yes'}}}");
        assertThat(Metadata.label(patched, "patched")).isEqualTo("yes");
        ObjectNode second = patched.deepCopy().put("revision", 2);
        second.putObject("metadata").put("name", "ss-second").putObject("labels").put("name", "ss");
        ObjectNode data = second.withObjectProperty("data").withObjectProperty("spec");
        data.withObjectProperty("template").withObjectProperty("metadata").put("name", "another");
        second.withObjectProperty("metadata")
                .set("ownerReferences", first.path("metadata").path("ownerReferences"));
        revisions.create(second);
        assertThat(revisions.names(mine)).hasSize(2);
        ObjectNode changed = second.deepCopy();
        changed.withObjectProperty("data").put("kind", "Other");
        assertThat(Refused.by(() -> revisions.replace(changed)).reason()).isEqualTo("Invalid");
        revisions.delete("ss-second");
        revisions.awaitCount(1, mine);
        ObjectNode read = revisions.get(Metadata.name(first));
        Metadata.ensureLabels(read).put("updated", "yes");
        assertThat(Metadata.label(revisions.replace(read), "updated")).isEqualTo("yes");
        image(space, "two");
        awaitRolledOut(space, 1);
        assertThat(revisions.list(mine)).hasSize(2);
        revisions.deleteAll(Objects.labelled("updated=yes"));
        revisions.awaitCount(1, mine);
        assertThat(revisions.list(mine).getFirst().path("revision").asInt()).isGreaterThan(1);
    }
}
