package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Upstream's deployment.go, replica_set.go, rc.go, statefulset.go, daemon_set.go, job.go. */
final class WorkloadIT {
    static String deployment(String name, int replicas, String image) {
        return workload("Deployment", name, replicas, image, "");
    }

    static String workload(String kind, String name, int replicas, String image, String more) {
        return """
        apiVersion: apps/v1
        kind: %1$s
        metadata: {name: %2$s, labels: {name: %2$s}}
        spec:
          replicas: %3$d
          selector: {matchLabels: {name: %2$s}}
          template:
            metadata: {labels: {name: %2$s}}
            spec: {containers: [{name: httpd, image: %4$s}]}
        %5$s
        """
                .formatted(kind, name, replicas, image, more.indent(2).stripTrailing());
    }

    static Objects apps(Space space, String resource) {
        return space.objects("apps/v1", resource);
    }

    static int number(ObjectNode object, String field) {
        return object.path("status").path(field).asInt(0);
    }

    private static boolean isRolledOut(ObjectNode object, int replicas) {
        return number(object, "observedGeneration") == Metadata.generation(object)
                && number(object, "updatedReplicas") == replicas
                && number(object, "replicas") == replicas
                && number(object, "availableReplicas") == replicas;
    }

    static List<String> images(Space space) {
        return space.pods().list().stream()
                .filter(pod -> !Metadata.isBeingDeleted(pod))
                .map(pod -> pod.path("spec").path("containers").path(0).path("image").asString())
                .toList();
    }

    @Upstream(
            "[sig-apps] Deployment RollingUpdateDeployment should delete old pods and create new"
                    + " ones [Conformance]")
    @InWorlds
    void aNewTemplateReplacesAdoptedPods(Space space) {
        apps(space, "replicasets").create(workload("ReplicaSet", "d", 1, "httpd", ""));
        apps(space, "replicasets").await("d", set -> number(set, "readyReplicas") == 1);
        apps(space, "deployments").create(deployment("d", 1, "agnhost"));
        apps(space, "deployments").await("d", d -> isRolledOut(d, 1));
        assertThat(images(space)).containsExactly("agnhost");
        ObjectNode old = apps(space, "replicasets").get("d");
        assertThat(number(old, "replicas")).isZero();
        assertThat(Metadata.ownerReferences(old)).hasSize(1);
    }

    @Upstream(
            "[sig-apps] Deployment RecreateDeployment should delete old pods and create new ones"
                    + " [Conformance]")
    @InWorlds
    void recreateLeavesNoMixture(Space space) {
        Objects deployments = apps(space, "deployments");
        deployments.create(workload("Deployment", "d", 1, "one", "strategy: {type: Recreate}"));
        deployments.await("d", d -> isRolledOut(d, 1));
        try (Watching watch = space.pods().watch("")) {
            watch.next("ADDED");
            image(deployments, "two");
            watch.until("DELETED");
            assertThat(watch.until("ADDED").object().toString()).contains("two");
        }
        deployments.await("d", d -> isRolledOut(d, 1));
        assertThat(images(space)).containsExactly("two");
    }

    private static void image(Objects deployments, String image) {
        deployments.patch(
                "d",
                Objects.STRATEGIC,
                "{\"spec\": {\"template\": {\"spec\": {\"containers\": [{\"name\": \"httpd\","
                        + " \"image\": \""
                        + image
                        + "\"}]}}}}");
    }

    @Upstream("[sig-apps] Deployment deployment should delete old replica sets [Conformance]")
    @InWorlds
    void historyIsLimited(Space space) {
        Objects deployments = apps(space, "deployments");
        deployments.create(workload("Deployment", "d", 1, "one", "revisionHistoryLimit: 0"));
        deployments.await("d", d -> isRolledOut(d, 1));
        image(deployments, "two");
        deployments.await("d", d -> isRolledOut(d, 1));
        apps(space, "replicasets").awaitCount(1);
        assertThat(images(space)).containsExactly("two");
    }

    @Upstream("[sig-apps] Deployment deployment should support rollover [Conformance]")
    @InWorlds
    void aRolloutIsOvertakenByTheNext(Space space) {
        Objects deployments = apps(space, "deployments");
        deployments.create(deployment("d", 1, "one"));
        deployments.await("d", d -> isRolledOut(d, 1));
        deployments.patch(
                "d",
                Objects.STRATEGIC,
                "{\"spec\": {\"template\": {\"metadata\": {\"labels\": {\"fake\": \"unready\"}},"
                        + " \"spec\": {\"containers\": [{\"name\": \"httpd\", \"image\":"
                        + " \"bad\"}]}}}}");
        apps(space, "replicasets").awaitCount(2);
        deployments.patch(
                "d",
                Objects.STRATEGIC,
                "{\"spec\": {\"template\": {\"metadata\": {\"labels\": {\"fake\": null}}, \"spec\":"
                        + " {\"containers\": [{\"name\": \"httpd\", \"image\": \"three\"}]}}}}");
        deployments.await("d", d -> isRolledOut(d, 1));
        assertThat(images(space)).containsExactly("three");
        assertThat(apps(space, "replicasets").list())
                .filteredOn(set -> number(set, "replicas") > 0)
                .hasSize(1);
    }

    @Upstream("[sig-apps] Deployment deployment should support proportional scaling [Conformance]")
    @InWorlds
    void scalingInTheMiddleOfARolloutIsShared(Space space) {
        Objects deployments = apps(space, "deployments");
        deployments.create(
                workload(
                        "Deployment",
                        "d",
                        10,
                        "one",
                        "strategy: {rollingUpdate: {maxSurge: 3, maxUnavailable: 2}}"));
        deployments.await("d", d -> isRolledOut(d, 10));
        deployments.patch(
                "d",
                Objects.STRATEGIC,
                "{\"spec\": {\"template\": {\"metadata\": {\"labels\": {\"fake\": \"unready\"}},"
                        + " \"spec\": {\"containers\": [{\"name\": \"httpd\", \"image\":"
                        + " \"webserver:404\"}]}}}}");
        deployments.await("d", d -> number(d, "updatedReplicas") == 5);
        // 8 old ones may not go below, 13 in all may be there.
        assertThat(sizes(space)).containsExactlyInAnyOrder(8, 5);
        deployments.merge("d", "{spec: {replicas: 30}}");
        deployments.await("d", d -> number(d, "replicas") == 33);
        assertThat(sizes(space)).containsExactlyInAnyOrder(20, 13);
    }

    private static List<Integer> sizes(Space space) {
        return apps(space, "replicasets").list().stream()
                .map(set -> set.path("spec").path("replicas").asInt())
                .toList();
    }

    @Upstream("[sig-apps] Deployment should run the lifecycle of a Deployment [Conformance]")
    @InWorlds
    void aDeploymentLives(Space space) {
        Objects deployments = apps(space, "deployments");
        try (Watching watch = deployments.watch("")) {
            deployments.create(deployment("d", 2, "one"));
            watch.until("ADDED");
            watch.until("MODIFIED", d -> number(d, "readyReplicas") == 2);
            deployments.patch(
                    "d",
                    Objects.STRATEGIC,
                    "{\"metadata\": {\"labels\": {\"patched\": \"yes\"}}, \"spec\": {\"replicas\":"
                            + " 1}}");
            watch.until("MODIFIED", d -> Metadata.label(d, "patched").equals("yes"));
            watch.until("MODIFIED", d -> number(d, "readyReplicas") == 1);
            ObjectNode status = deployments.get("d", "status");
            assertThat(number(status, "readyReplicas")).isEqualTo(1);
            deployments.merge("d", "{spec: {replicas: 2}}");
            watch.until("MODIFIED", d -> isRolledOut(d, 2));
            assertThat(
                            deployments
                                    .everyNamespace()
                                    .names(Objects.query("fieldSelector", "metadata.name=d")))
                    .contains("d");
            deployments.deleteAll(Objects.labelled("name=d"));
            watch.until("DELETED");
        }
    }

    private static void scaled(Space space, String resource, String apiVersion, String name) {
        Objects objects = space.objects(apiVersion, resource);
        ObjectNode scale = objects.get(name, "scale");
        assertThat(scale.path("kind").asString()).isEqualTo("Scale");
        assertThat(scale.path("spec").path("replicas").asInt()).isEqualTo(1);
        assertThat(scale.path("status").path("selector").asString()).isEqualTo("name=" + name);
        scale.withObjectProperty("spec").put("replicas", 2);
        scale.withObjectProperty("metadata").remove("resourceVersion");
        assertThat(objects.replace(scale, "scale").path("spec").path("replicas").asInt())
                .isEqualTo(2);
        assertThat(objects.get(name).path("spec").path("replicas").asInt()).isEqualTo(2);
        objects.merge(name, "{spec: {replicas: 4}}", "scale");
        assertThat(objects.get(name).path("spec").path("replicas").asInt()).isEqualTo(4);
    }

    @Upstream({
        "[sig-apps] Deployment Deployment should have a working scale subresource [Conformance]",
        "[sig-apps] ReplicaSet Replicaset should have a working scale subresource [Conformance]",
        "[sig-apps] ReplicationController should get and update a ReplicationController scale"
                + " [Conformance]",
        "[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should have a"
                + " working scale subresource [Conformance]"
    })
    @InWorlds
    void whatHasReplicasHasAScale(Space space) {
        apps(space, "deployments").create(deployment("d", 1, "i"));
        scaled(space, "deployments", "apps/v1", "d");
        apps(space, "replicasets").create(workload("ReplicaSet", "rs", 1, "i", ""));
        scaled(space, "replicasets", "apps/v1", "rs");
        apps(space, "statefulsets")
                .create(workload("StatefulSet", "ss", 1, "i", "serviceName: test"));
        scaled(space, "statefulsets", "apps/v1", "ss");
        GarbageIT.controllers(space).create(GarbageIT.CONTROLLER.formatted("rc", 1));
        scaled(space, "replicationcontrollers", "v1", "rc");
    }

    private static void statusIsWritten(Objects objects, String name) {
        ObjectNode updated =
                objects.change(
                        name,
                        read ->
                                read.withObjectProperty("status")
                                        .withArrayProperty("conditions")
                                        .addObject()
                                        .put("type", "StatusUpdate")
                                        .put("status", "True")
                                        .put("reason", "E2E")
                                        .put("message", "Set from an e2e test"),
                        "status");
        assertThat(Definition.isTrue(updated, "StatusUpdate")).isTrue();
        ObjectNode patched =
                objects.merge(
                        name,
                        "{status: {conditions: [{type: StatusPatched, status: 'True'}]}}",
                        "status");
        assertThat(Definition.isTrue(patched, "StatusPatched")).isTrue();
        assertThat(Definition.isTrue(patched, "StatusUpdate")).isFalse();
    }

    @Upstream({
        "[sig-apps] Deployment should validate Deployment Status endpoints [Conformance]",
        "[sig-apps] ReplicaSet should validate Replicaset Status endpoints [Conformance]",
        "[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should validate"
                + " Statefulset Status endpoints [Conformance]",
        "[sig-apps] Daemon set [Serial] should verify changes to a daemon set status [Conformance]"
    })
    @InWorlds
    void theStatusOfWorkloadsIsWritten(Space space) {
        apps(space, "deployments").create(deployment("d", 1, "i"));
        apps(space, "deployments").await("d", d -> isRolledOut(d, 1));
        statusIsWritten(apps(space, "deployments"), "d");
        apps(space, "replicasets").create(workload("ReplicaSet", "rs", 1, "i", ""));
        apps(space, "replicasets").await("rs", set -> number(set, "availableReplicas") == 1);
        statusIsWritten(apps(space, "replicasets"), "rs");
        apps(space, "statefulsets")
                .create(workload("StatefulSet", "ss", 0, "i", "serviceName: test"));
        statusIsWritten(apps(space, "statefulsets"), "ss");
        apps(space, "daemonsets").create(daemons("ds"));
        statusIsWritten(apps(space, "daemonsets"), "ds");
    }

    private static String daemons(String name) {
        return workload("DaemonSet", name, 0, "i", "").replace("  replicas: 0\n", "");
    }

    private static void listedPatchedAndDeleted(Objects objects, String name) {
        String mine = Objects.labelled("name=" + name);
        assertThat(objects.names(mine)).containsExactly(name);
        assertThat(objects.everyNamespace().list(mine)).isNotEmpty();
        ObjectNode patched = objects.merge(name, "{metadata: {labels: {test: patched}}}");
        assertThat(Metadata.label(patched, "test")).isEqualTo("patched");
        objects.deleteAll(mine);
        objects.awaitGone(name);
    }

    @Upstream({
        "[sig-apps] Daemon set [Serial] should list and delete a collection of DaemonSets"
                + " [Conformance]",
        "[sig-apps] ReplicaSet should list and delete a collection of ReplicaSets [Conformance]",
        "[sig-apps] StatefulSet Basic StatefulSet functionality [StatefulSetBasic] should list,"
                + " patch and delete a collection of StatefulSets [Conformance]"
    })
    @InWorlds
    void workloadsAreDeletedByLabel(Space space) {
        apps(space, "replicasets").create(workload("ReplicaSet", "rs", 3, "i", ""));
        apps(space, "replicasets").await("rs", set -> number(set, "readyReplicas") == 3);
        listedPatchedAndDeleted(apps(space, "replicasets"), "rs");
        space.pods().awaitCount(0);
        apps(space, "statefulsets")
                .create(workload("StatefulSet", "ss", 1, "i", "serviceName: test"));
        listedPatchedAndDeleted(apps(space, "statefulsets"), "ss");
        apps(space, "daemonsets").create(daemons("ds"));
        listedPatchedAndDeleted(apps(space, "daemonsets"), "ds");
    }

    @Upstream("[sig-apps] ReplicaSet Replace and Patch tests [Conformance]")
    @InWorlds
    void aReplicaSetIsScaledAndPatched(Space space) {
        Objects sets = apps(space, "replicasets");
        sets.create(workload("ReplicaSet", "rs", 1, "i", ""));
        sets.await("rs", set -> number(set, "readyReplicas") == 1);
        ObjectNode set = sets.get("rs", "scale");
        set.withObjectProperty("spec").put("replicas", 2);
        sets.replace(set, "scale");
        sets.await("rs", s -> number(s, "readyReplicas") == 2);
        sets.patch(
                "rs",
                Objects.STRATEGIC,
                "{\"metadata\": {\"labels\": {\"test\": \"patched\"}}, \"spec\": {\"replicas\": 3,"
                        + " \"template\": {\"spec\": {\"containers\": [{\"name\": \"httpd\","
                        + " \"image\": \"other\"}]}}}}");
        ObjectNode patched = sets.await("rs", s -> number(s, "readyReplicas") == 3);
        assertThat(Metadata.label(patched, "test")).isEqualTo("patched");
        assertThat(images(space)).containsExactlyInAnyOrder("i", "i", "other");
    }

    @Upstream({
        "[sig-apps] ReplicaSet should adopt matching pods on creation and release no longer"
                + " matching pods [Conformance]",
        "[sig-apps] ReplicationController should adopt matching pods on creation [Conformance]",
        "[sig-apps] ReplicationController should release no longer matching pods [Conformance]"
    })
    @InWorlds
    void podsAreAdoptedAndReleased(Space space) {
        adoptsAndReleases(
                space, "rs", apps(space, "replicasets"), workload("ReplicaSet", "rs", 1, "i", ""));
        adoptsAndReleases(
                space, "rc", GarbageIT.controllers(space), GarbageIT.CONTROLLER.formatted("rc", 1));
    }

    private static void adoptsAndReleases(
            Space space, String name, Objects owners, String manifest) {
        String pod = "adopted-" + name;
        space.pods()
                .create(
                        "{apiVersion: v1, kind: Pod, metadata: {name: %s, labels: {name: %s}}, spec:"
                                        .formatted(pod, name)
                                + " {containers: [{name: httpd, image: i}]}}");
        String owner = Metadata.uid(owners.create(manifest));
        space.pods().await(pod, p -> isOwned(p, owner));
        owners.await(name, o -> number(o, "readyReplicas") == 1);
        space.pods().merge(pod, "{metadata: {labels: {name: not-matching}}}");
        space.pods().await(pod, p -> Metadata.ownerReferences(p).isEmpty());
        space.pods().awaitCount(1, Objects.labelled("name=" + name));
    }

    private static boolean isOwned(ObjectNode pod, String uid) {
        return Metadata.ownerReferences(pod).stream().anyMatch(o -> o.uid().equals(uid));
    }

    @Upstream(
            "[sig-apps] ReplicationController should surface a failure condition on a common issue"
                    + " like exceeded quota [Conformance]")
    @InWorlds
    void whatCannotBeMadeIsToldInACondition(Space space) {
        Objects quotas = space.objects("v1", "resourcequotas");
        quotas.create(
                "{apiVersion: v1, kind: ResourceQuota, metadata: {name: q}, spec: {hard: {pods:"
                        + " '2'}}}");
        quotas.await("q", q -> q.path("status").path("hard").has("pods"));
        Objects controllers = GarbageIT.controllers(space);
        controllers.create(GarbageIT.CONTROLLER.formatted("rc", 3));
        controllers.await("rc", c -> Definition.isTrue(c, "ReplicaFailure"));
        controllers.merge("rc", "{spec: {replicas: 2}}");
        controllers.await("rc", c -> !Definition.isTrue(c, "ReplicaFailure"));
    }

    @Upstream(
            "[sig-apps] ReplicationController should test the lifecycle of a ReplicationController"
                    + " [Conformance]")
    @InWorlds
    void aReplicationControllerLives(Space space) {
        Objects controllers = GarbageIT.controllers(space);
        try (Watching watch = controllers.watch("")) {
            controllers.create(GarbageIT.CONTROLLER.formatted("rc", 1));
            watch.until("ADDED");
            watch.until("MODIFIED", c -> number(c, "readyReplicas") == 1);
            controllers.merge("rc", "{metadata: {labels: {test: patched}}}");
            watch.until("MODIFIED", c -> Metadata.label(c, "test").equals("patched"));
            controllers.merge("rc", "{status: {readyReplicas: 0, availableReplicas: 0}}", "status");
            watch.until("MODIFIED", c -> number(c, "readyReplicas") == 0);
            watch.until("MODIFIED", c -> number(c, "readyReplicas") == 1);
            controllers.merge("rc", "{spec: {replicas: 3}}", "scale");
            watch.until("MODIFIED", c -> number(c, "readyReplicas") == 3);
            ObjectNode read = controllers.get("rc");
            Metadata.ensureLabels(read).put("test", "replaced");
            read.withObjectProperty("metadata").remove("resourceVersion");
            controllers.replace(read);
            watch.until("MODIFIED", c -> Metadata.label(c, "test").equals("replaced"));
            controllers.deleteAll(Objects.labelled("test=replaced"));
            watch.until("DELETED");
        }
    }

    private static final String JOB =
            """
            apiVersion: batch/v1
            kind: Job
            metadata: {name: job, labels: {e2e: mine}}
            spec:
              suspend: true
              parallelism: 2
              completions: 4
              template:
                spec: {restartPolicy: Never, containers: [{name: c, image: i}]}
            """;

    @Upstream({
        "[sig-apps] Job should manage the lifecycle of a job [Conformance]",
        "[sig-apps] Job should apply changes to a job status [Conformance]"
    })
    @InWorlds
    void aSuspendedJobIsPatchedReplacedAndDeleted(Space space) {
        Objects jobs = space.objects("batch/v1", "jobs");
        ObjectNode made = jobs.create(JOB);
        assertThat(made.path("spec").path("selector").path("matchLabels").size()).isPositive();
        ObjectNode patched = jobs.merge("job", "{metadata: {labels: {patched: 'true'}}}");
        assertThat(Metadata.label(patched, "patched")).isEqualTo("true");
        ObjectNode status =
                jobs.merge(
                        "job",
                        "{metadata: {annotations: {patchedstatus: 'true'}}, status: {startTime:"
                                + " '2026-01-01T00:00:00Z'}}",
                        "status");
        assertThat(Metadata.annotation(status, "patchedstatus")).isEqualTo("true");
        assertThat(status.path("status").has("startTime")).isTrue();
        assertThat(Metadata.name(jobs.get("job", "status"))).isEqualTo("job");
        ObjectNode job =
                jobs.change("job", read -> Metadata.ensureAnnotations(read).put("updated", "true"));
        assertThat(Metadata.annotation(job, "updated")).isEqualTo("true");
        String mine = Objects.labelled("e2e=mine,patched=true");
        assertThat(jobs.everyNamespace().list(mine)).isNotEmpty();
        jobs.deleteAll(mine + "&propagationPolicy=Background");
        jobs.awaitGone("job");
    }

    private static String budget(String name, int available) {
        return """
        apiVersion: policy/v1
        kind: PodDisruptionBudget
        metadata: {name: %s, labels: {e2e: mine}}
        spec: {minAvailable: %d, selector: {matchLabels: {name: %s}}}
        """
                .formatted(name, available, name);
    }

    @Upstream({
        "[sig-apps] DisruptionController should create a PodDisruptionBudget [Conformance]",
        "[sig-apps] DisruptionController Listing PodDisruptionBudgets for all namespaces should"
                + " list and delete a collection of PodDisruptionBudgets [Conformance]",
        "[sig-apps] DisruptionController should update/patch PodDisruptionBudget status"
                + " [Conformance]"
    })
    @InWorlds
    void budgetsAreWritten(Space space) {
        Objects budgets = space.objects("policy/v1", "poddisruptionbudgets");
        budgets.create(budget("one", 1));
        budgets.create(budget("two", 1));
        ObjectNode one =
                budgets.change(
                        "one", read -> read.withObjectProperty("spec").put("minAvailable", "50%"));
        assertThat(one.path("spec").path("minAvailable").asString()).isEqualTo("50%");
        ObjectNode patched =
                budgets.merge("one", "{spec: {minAvailable: null, maxUnavailable: 3%}}");
        assertThat(patched.path("spec").path("maxUnavailable").asString()).isEqualTo("3%");
        budgets.await("one", b -> number(b, "observedGeneration") == Metadata.generation(b));
        String disrupted = "{status: {disruptedPods: {pod: '2026-01-01T00:00:00Z'}}}";
        ObjectNode status = budgets.merge("one", disrupted, "status");
        assertThat(status.path("status").path("disruptedPods").has("pod")).isTrue();
        String mine = Objects.labelled("e2e=mine");
        assertThat(budgets.names(mine)).containsExactlyInAnyOrder("one", "two");
        assertThat(budgets.everyNamespace().names(mine)).contains("one", "two");
        budgets.deleteAll(mine);
        budgets.awaitCount(0);
    }

    @Upstream({
        "[sig-apps] DisruptionController should block an eviction until the PDB is updated to allow"
                + " it [Conformance]",
        "[sig-apps] DisruptionController should observe PodDisruptionBudget status updated"
                + " [Conformance]"
    })
    @InWorlds
    void aBudgetHoldsAnEviction(Space space) {
        apps(space, "replicasets").create(workload("ReplicaSet", "app", 3, "i", ""));
        apps(space, "replicasets").await("app", set -> number(set, "readyReplicas") == 3);
        Objects budgets = space.objects("policy/v1", "poddisruptionbudgets");
        budgets.create(budget("app", 3));
        budgets.await("app", b -> number(b, "currentHealthy") == 3);
        String pod = space.pods().names().getFirst();
        ObjectNode eviction =
                Objects.tree(
                        "{apiVersion: policy/v1, kind: Eviction, metadata: {name: %s}}"
                                .formatted(pod));
        Refused refused = Refused.by(() -> space.pods().post(pod, "eviction", eviction));
        assertThat(refused.code()).isEqualTo(429);
        assertThat(
                        refused.status()
                                .path("details")
                                .path("causes")
                                .path(0)
                                .path("reason")
                                .asString())
                .isEqualTo("DisruptionBudget");
        budgets.merge("app", "{spec: {minAvailable: 2}}");
        budgets.await("app", b -> number(b, "disruptionsAllowed") == 1);
        space.pods().post(pod, "eviction", eviction);
        space.pods().awaitGone(pod);
    }
}
