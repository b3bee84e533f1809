package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Upstream's pods.go, ephemeral_containers.go, runtimeclass.go, sysctl.go, csi_inline.go. */
final class PodIT {
    private static String pod(String name, String spec) {
        return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s, labels: {name: foo, time: '%s'}}
        spec:
          %s
          containers: [{name: main, image: httpd}]
        """
                .formatted(name, name, spec);
    }

    private static boolean runs(ObjectNode pod) {
        return pod.path("status").path("phase").asString("").equals("Running");
    }

    @Upstream({
        "[sig-node] Pods should be submitted and removed [NodeConformance] [Conformance]",
        "[sig-node] Pods should get a host IP [NodeConformance] [Conformance]"
    })
    @InWorlds
    void aPodIsSubmittedAndRemoved(Space space) {
        Objects pods = space.pods();
        String mine = Objects.labelled("time=one");
        assertThat(pods.list(mine)).isEmpty();
        String since = Metadata.resourceVersion(pods.listing(mine));
        try (Watching watch = pods.watch(mine + "&resourceVersion=" + since)) {
            pods.create(pod("one", "terminationGracePeriodSeconds: 30"));
            assertThat(pods.names(mine)).containsExactly("one");
            watch.until("ADDED");
            ObjectNode running = pods.await("one", PodIT::runs);
            assertThat(running.path("status").path("hostIP").asString()).isNotEmpty();
            pods.delete("one", "{gracePeriodSeconds: 30}");
            ObjectNode last = watch.until("DELETED").object();
            assertThat(last.path("metadata").has("deletionTimestamp")).isTrue();
            assertThat(last.path("metadata").path("deletionGracePeriodSeconds").isNumber())
                    .isTrue();
        }
        assertThat(pods.list(mine)).isEmpty();
    }

    @Upstream({
        "[sig-node] Pods should be updated [NodeConformance] [Conformance]",
        "[sig-node] Pods should allow activeDeadlineSeconds to be updated [NodeConformance]"
                + " [Conformance]"
    })
    @InWorlds
    void aPodIsUpdated(Space space) {
        Objects pods = space.pods();
        pods.create(pod("one", ""));
        pods.await("one", PodIT::runs);
        ObjectNode read = pods.get("one");
        Metadata.ensureLabels(read).put("time", "two");
        pods.replace(read);
        assertThat(pods.names(Objects.labelled("time=two"))).containsExactly("one");
        assertThat(
                        pods.merge("one", "{spec: {activeDeadlineSeconds: 5}}")
                                .path("spec")
                                .path("activeDeadlineSeconds")
                                .asInt())
                .isEqualTo(5);
    }

    @Upstream("[sig-node] Pods should delete a collection of pods [Conformance]")
    @InWorlds
    void podsAreDeletedByLabel(Space space) {
        Objects pods = space.pods();
        List.of("a", "b", "c").forEach(name -> pods.create(pod(name, "")));
        assertThat(pods.list(Objects.labelled("name=foo"))).hasSize(3);
        pods.deleteAll(Objects.labelled("name=foo"));
        pods.awaitCount(0, Objects.labelled("name=foo"));
    }

    @Upstream({
        "[sig-node] Pods should patch a pod status [Conformance]",
        "[sig-node] Pods should run through the lifecycle of Pods and PodStatus [Conformance]"
    })
    @InWorlds
    void thePodsStatusIsPatchedAndReplaced(Space space) {
        Objects pods = space.pods();
        pods.create(pod("one", ""));
        try (Watching watch = pods.watch(Objects.query("fieldSelector", "metadata.name=one"))) {
            pods.await("one", PodIT::runs);
            pods.patch(
                    "one",
                    Objects.STRATEGIC,
                    "{\"metadata\": {\"labels\": {\"test\": \"patched\"}}, \"spec\":"
                            + " {\"containers\": [{\"name\": \"main\", \"image\": \"new\"}]}}");
            ObjectNode patched =
                    watch.until("MODIFIED", p -> Metadata.label(p, "test").equals("patched"))
                            .object();
            assertThat(patched.path("spec").path("containers").path(0).path("image").asString())
                    .isEqualTo("new");
            ObjectNode message =
                    pods.patch(
                            "one",
                            Objects.STRATEGIC,
                            "{\"status\": {\"message\": \"Patched by e2e test\", \"reason\":"
                                    + " \"E2E\"}}",
                            "status");
            assertThat(message.path("status").path("reason").asString()).isEqualTo("E2E");
            assertThat(message.path("status").path("phase").asString()).isEqualTo("Running");
            ObjectNode status = pods.get("one", "status");
            for (var condition : status.path("status").path("conditions")) {
                if (condition.path("type").asString().equals("Ready")) {
                    ((ObjectNode) condition).put("status", "False");
                }
            }
            ObjectNode replaced = pods.replace(status, "status");
            assertThat(Definition.isTrue(replaced, "Ready")).isFalse();
            pods.deleteAll(Objects.labelled("test=patched"));
            watch.until("DELETED");
        }
    }

    @Upstream({
        "[sig-node] Pods Extended (pod generation) Pod Generation pod generation should start at 1"
                + " and increment per update [MinimumKubeletVersion:1.34] [Conformance]",
        "[sig-node] Pods Extended (pod generation) Pod Generation custom-set generation on new pods"
                + " and graceful delete [Conformance]"
    })
    @InWorlds
    void theGenerationCountsChangesOfTheSpec(Space space) {
        Objects pods = space.pods();
        ObjectNode asked = Objects.tree(pod("one", "terminationGracePeriodSeconds: 30"));
        Metadata.ensureMetadata(asked).put("generation", 100);
        Metadata.ensureMetadata(asked).putArray("finalizers").add("e2e.example.com/finalizer");
        assertThat(Metadata.generation(pods.create(asked))).isEqualTo(1);
        pods.await("one", PodIT::runs);
        assertThat(Metadata.generation(pods.merge("one", "{metadata: {labels: {a: b}}}")))
                .isEqualTo(1);
        String main = "{spec: {containers: [{name: main, image: %s}]}}";
        assertThat(
                        Metadata.generation(
                                pods.patch(
                                        "one",
                                        Objects.STRATEGIC,
                                        Objects.tree(main.formatted("new")).toString())))
                .isEqualTo(2);
        assertThat(Metadata.generation(pods.merge("one", "{spec: {activeDeadlineSeconds: 500}}")))
                .isEqualTo(3);
        assertThat(
                        Metadata.generation(
                                pods.merge(
                                        "one",
                                        "{spec: {ephemeralContainers: [{name: e, image: i}]}}",
                                        "ephemeralcontainers")))
                .isEqualTo(4);
        pods.delete("one");
        assertThat(Metadata.generation(pods.get("one"))).isEqualTo(5);
        pods.merge("one", "{metadata: {finalizers: null}}");
        pods.awaitGone("one");
    }

    @Upstream(
            "[sig-node] Pods Extended Pods Set QOS Class should be set on Pods with matching"
                    + " resource requests and limits for memory and cpu [Conformance]")
    @InWorlds
    void theQualityOfServiceIsTold(Space space) {
        ObjectNode made =
                space.pods()
                        .create(
                                """
                                apiVersion: v1
                                kind: Pod
                                metadata: {name: qos}
                                spec:
                                  containers:
                                  - name: agnhost
                                    image: i
                                    resources:
                                      limits: {cpu: 100m, memory: 100Mi}
                                      requests: {cpu: 100m, memory: 100Mi}
                                """);
        assertThat(made.path("status").path("qosClass").asString()).isEqualTo("Guaranteed");
    }

    @Upstream({
        "[sig-node] Ephemeral Containers [NodeConformance] will start an ephemeral container in an"
                + " existing pod [Conformance]",
        "[sig-node] Ephemeral Containers [NodeConformance] should update the ephemeral containers"
                + " in an existing pod [Conformance]"
    })
    @InWorlds
    void ephemeralContainersAreAdded(Space space) {
        Objects pods = space.pods();
        pods.create(pod("one", ""));
        pods.await("one", PodIT::runs);
        for (String name : List.of("debugger", "second")) {
            pods.patch(
                    "one",
                    Objects.STRATEGIC,
                    "{\"spec\": {\"ephemeralContainers\": [{\"name\": \"%s\", \"image\": \"busybox\","
                                    .formatted(name)
                            + " \"targetContainerName\": \"main\", \"stdin\": true}]}}",
                    "ephemeralcontainers");
        }
        assertThat(pods.get("one", "ephemeralcontainers").path("spec").path("ephemeralContainers"))
                .hasSize(2);
    }

    @Upstream(
            "[sig-node] Sysctls [LinuxOnly] [NodeConformance] should reject invalid sysctls"
                    + " [Conformance]")
    @InWorlds
    void sysctlsHaveNames(Space space) {
        String sysctls =
                "securityContext: {sysctls: [{name: foo-, value: bar}, {name: kernel.shmmax, value:"
                    + " '100000000'}, {name: safe-and-unsafe, value: '100000000'}, {name: 'bar..',"
                    + " value: '42'}]}";
        Refused refused = Refused.by(() -> space.pods().create(pod("one", sysctls)));
        assertThat(refused.message())
                .contains("Invalid value: \"foo-\"", "Invalid value: \"bar..\"")
                .doesNotContain("safe-and-unsafe", "kernel.shmmax");
    }

    @Upstream({
        "[sig-node] RuntimeClass should reject a Pod requesting a deleted RuntimeClass"
                + " [NodeConformance] [Conformance]",
        "[sig-node] RuntimeClass should reject a Pod requesting a non-existent RuntimeClass"
                + " [NodeConformance] [Conformance]",
        "[sig-node] RuntimeClass should schedule a Pod requesting a RuntimeClass and initialize its"
                + " Overhead [NodeConformance] [Conformance]",
        "[sig-node] RuntimeClass should schedule a Pod requesting a RuntimeClass without"
                + " PodOverhead [NodeConformance] [Conformance]"
    })
    @InWorlds
    void aRuntimeClassMustBeThere(Space space) {
        Objects classes = space.cluster("node.k8s.io/v1", "runtimeclasses");
        String plain = Space.unique("plain");
        String heavy = Space.unique("heavy");
        String made =
                "{apiVersion: node.k8s.io/v1, kind: RuntimeClass, metadata: {name: %s}, handler:"
                        + " h%s}";
        classes.create(made.formatted(plain, ""));
        classes.create(made.formatted(heavy, ", overhead: {podFixed: {cpu: 10m, memory: 1Mi}}"));
        assertThat(
                        space.pods()
                                .create(pod("a", "runtimeClassName: " + plain))
                                .path("spec")
                                .has("overhead"))
                .isFalse();
        space.pods().await("a", p -> p.path("spec").has("nodeName"));
        ObjectNode b = space.pods().create(pod("b", "runtimeClassName: " + heavy));
        assertThat(b.path("spec").path("overhead").path("cpu").asString()).isEqualTo("10m");
        classes.delete(plain);
        classes.awaitGone(plain);
        for (String absent : List.of(plain, "nonexistent")) {
            Refused refused =
                    Refused.by(() -> space.pods().create(pod("c", "runtimeClassName: " + absent)));
            assertThat(refused.code()).isEqualTo(403);
            assertThat(refused.message()).contains("RuntimeClass \"" + absent + "\" not found");
        }
    }

    @Upstream(
            "[sig-storage] CSIInlineVolumes should support CSIVolumeSource in Pod API"
                    + " [Conformance]")
    @InWorlds
    void aPodMayHaveAnInlineVolume(Space space) {
        Objects pods = space.pods();
        pods.create(
                pod(
                        "inline",
                        "volumes: [{name: csi, csi: {driver: e2e.example.com, volumeAttributes: {a:"
                                + " b}}}]"));
        ObjectNode read = pods.get("inline");
        assertThat(read.path("spec").path("volumes").path(0).path("csi").path("driver").asString())
                .isEqualTo("e2e.example.com");
        assertThat(
                        Metadata.label(
                                pods.merge("inline", "{metadata: {labels: {test: patched}}}"),
                                "test"))
                .isEqualTo("patched");
        pods.delete("inline");
        pods.awaitGone("inline");
    }

    @Upstream("[sig-node] Node Lifecycle should run through the lifecycle of a node [Conformance]")
    @InWorlds(systemOnly = "nodes are the operator's")
    void aNodeLives(Space space) {
        Objects nodes = space.cluster("v1", "nodes");
        String name = Space.unique("node");
        nodes.create("{apiVersion: v1, kind: Node, metadata: {name: %s}}".formatted(name));
        assertThat(Metadata.name(nodes.get(name))).isEqualTo(name);
        nodes.merge(name, "{metadata: {labels: {%s: patched}}}".formatted(name));
        assertThat(nodes.names(Objects.labelled(name + "=patched"))).containsExactly(name);
        ObjectNode read = nodes.get(name);
        Metadata.ensureLabels(read).put(name, "updated");
        read.withObjectProperty("metadata").remove("resourceVersion");
        assertThat(Metadata.label(nodes.replace(read), name)).isEqualTo("updated");
        nodes.deleteAll(Objects.labelled(name + "=updated"));
        nodes.awaitGone(name);
    }
}
