package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/** Upstream's resource_quota.go. */
final class QuotaIT {
    private static final String HARD =
            """
            {pods: '5', services: '10', services.nodeports: '1', services.loadbalancers: '1',
             replicationcontrollers: '10', resourcequotas: '1', persistentvolumeclaims: '10',
             requests.storage: 10Gi, cpu: '1', memory: 500Mi, ephemeral-storage: 50Gi,
             requests.example.com/dongle: '3', count/replicasets.apps: '5', configmaps: '10',
             secrets: '10'}
            """;

    private static Objects quotas(Space space) {
        return space.objects("v1", "resourcequotas");
    }

    private static String quota(String name, String more) {
        return "{apiVersion: v1, kind: ResourceQuota, metadata: {name: %s}, spec: {hard: %s}}"
                .formatted(name, more);
    }

    /** Waits until so much is counted. */
    private static void used(Space space, String quota, Map<String, String> expected) {
        quotas(space)
                .await(
                        quota,
                        q ->
                                expected.entrySet().stream()
                                        .allMatch(e ->
                                                q.path("status")
                                                        .path("used")
                                                        .path(e.getKey())
                                                        .asString("")
                                                        .equals(e.getValue())));
    }

    private static void made(Space space) {
        quotas(space).create(quota("test-quota", HARD));
        used(space, "test-quota", Map.of("resourcequotas", "1", "pods", "0"));
    }

    @Upstream(
            "[sig-api-machinery] ResourceQuota should create a ResourceQuota and ensure its status"
                    + " is promptly calculated. [Conformance]")
    @InWorlds
    void aQuotaCountsItself(Space space) {
        made(space);
        ObjectNode quota = quotas(space).get("test-quota");
        assertThat(quota.path("status").path("hard")).isEqualTo(quota.path("spec").path("hard"));
        used(space, "test-quota", Map.of("services", "0", "cpu", "0", "secrets", "0"));
    }

    @Upstream(
            "[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life"
                    + " of a service. [Conformance]")
    @InWorlds
    void servicesAreCounted(Space space) {
        made(space);
        Objects services = space.objects("v1", "services");
        String service =
                "{apiVersion: v1, kind: Service, metadata: {name: %s}, spec: {type: %s, ports:"
                        + " [{port: 80}]}}";
        services.create(service.formatted("cluster", "ClusterIP"));
        services.create(service.formatted("node", "NodePort"));
        used(
                space,
                "test-quota",
                Map.of("services", "2", "services.nodeports", "1", "services.loadbalancers", "0"));
        Refused refused =
                Refused.by(() -> services.create(service.formatted("lb", "LoadBalancer")));
        assertThat(refused.code()).isEqualTo(403);
        assertThat(refused.message()).contains("exceeded quota: test-quota");
        services.delete("cluster");
        services.delete("node");
        used(space, "test-quota", Map.of("services", "0", "services.nodeports", "0"));
    }

    @Upstream(
            "[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life"
                    + " of a secret. [Conformance]")
    @InWorlds
    void secretsAreCounted(Space space) {
        life(
                space,
                space.objects("v1", "secrets"),
                "secrets",
                0,
                "{apiVersion: v1, kind: Secret, metadata: {name: one}, stringData: {a: b}}");
    }

    @Upstream(
            "[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life"
                    + " of a configMap. [Conformance]")
    @InWorlds
    void configMapsAreCounted(Space space) {
        space.configMaps().await("kube-root-ca.crt", _ -> true);
        life(
                space,
                space.configMaps(),
                "configmaps",
                1,
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: one}, data: {a: b}}");
    }

    @Upstream(
            "[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life"
                    + " of a replication controller. [Conformance]")
    @InWorlds
    void replicationControllersAreCounted(Space space) {
        life(
                space,
                space.objects("v1", "replicationcontrollers"),
                "replicationcontrollers",
                0,
                """
                apiVersion: v1
                kind: ReplicationController
                metadata: {name: one}
                spec:
                  replicas: 0
                  selector: {name: rc}
                  template:
                    metadata: {labels: {name: rc}}
                    spec: {containers: [{name: c, image: i}]}
                """);
    }

    @Upstream(
            "[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life"
                    + " of a replica set. [Conformance]")
    @InWorlds
    void replicaSetsAreCounted(Space space) {
        life(
                space,
                space.objects("apps/v1", "replicasets"),
                "count/replicasets.apps",
                0,
                """
                apiVersion: apps/v1
                kind: ReplicaSet
                metadata: {name: one}
                spec:
                  replicas: 0
                  selector: {matchLabels: {name: rs}}
                  template:
                    metadata: {labels: {name: rs}}
                    spec: {containers: [{name: c, image: i}]}
                """);
    }

    private static void life(
            Space space, Objects objects, String counted, int before, String manifest) {
        made(space);
        used(space, "test-quota", Map.of(counted, String.valueOf(before)));
        objects.create(manifest);
        used(space, "test-quota", Map.of(counted, String.valueOf(before + 1)));
        objects.delete("one");
        used(space, "test-quota", Map.of(counted, String.valueOf(before)));
    }

    private static String pod(String name, String more, String requests, String limits) {
        return """
        apiVersion: v1
        kind: Pod
        metadata: {name: %s}
        spec:
          %s
          containers:
          - {name: pause, image: pause, resources: {requests: %s, limits: %s}}
        """
                .formatted(name, more, requests, limits);
    }

    @Upstream(
            "[sig-api-machinery] ResourceQuota should create a ResourceQuota and capture the life"
                    + " of a pod. [Conformance]")
    @InWorlds
    void podsAreCountedWithWhatTheyAskFor(Space space) {
        made(space);
        String dongles = "{example.com/dongle: '%s'}";
        space.pods()
                .create(
                        pod(
                                "test-pod",
                                "",
                                "{cpu: 500m, memory: 252Mi, ephemeral-storage: 30Gi,"
                                        + " example.com/dongle: '2'}",
                                dongles.formatted(2)));
        used(
                space,
                "test-quota",
                Map.of(
                        "pods", "1",
                        "cpu", "500m",
                        "memory", "252Mi",
                        "ephemeral-storage", "30Gi",
                        "requests.example.com/dongle", "2"));
        String tooMuch = pod("fail-pod", "", "{cpu: 600m, memory: 100Mi}", "{}");
        assertThat(Refused.by(() -> space.pods().create(tooMuch)).message())
                .contains("exceeded quota: test-quota");
        String tooMany =
                pod(
                        "fail-pod",
                        "",
                        "{cpu: 500m, memory: 100Mi, ephemeral-storage: 10Gi, example.com/dongle:"
                                + " '2'}",
                        dongles.formatted(2));
        assertThat(Refused.by(() -> space.pods().create(tooMany)).code()).isEqualTo(403);
        ObjectNode pod = space.pods().get("test-pod");
        pod.withObjectProperty("spec")
                .withArrayProperty("containers")
                .get(0)
                .withObjectProperty("resources")
                .withObjectProperty("requests")
                .put("cpu", "100m");
        assertThat(Refused.by(() -> space.pods().replace(pod)).code()).isEqualTo(422);
        used(space, "test-quota", Map.of("pods", "1", "cpu", "500m"));
        space.pods().delete("test-pod", "{gracePeriodSeconds: 0}");
        used(space, "test-quota", Map.of("pods", "0", "cpu", "0", "memory", "0"));
    }

    @Upstream(
            "[sig-api-machinery] ResourceQuota should verify ResourceQuota with best effort scope."
                    + " [Conformance]")
    @InWorlds
    void bestEffortIsAScope(Space space) {
        scopes(
                space,
                "BestEffort",
                pod("best", "", "{}", "{}"),
                "NotBestEffort",
                pod("other", "", "{cpu: 500m, memory: 200Mi}", "{cpu: '1', memory: 400Mi}"));
    }

    @Upstream(
            "[sig-api-machinery] ResourceQuota should verify ResourceQuota with terminating scopes."
                    + " [Conformance]")
    @InWorlds
    void terminatingIsAScope(Space space) {
        String requests = "{cpu: 500m, memory: 200Mi}";
        String limits = "{cpu: '1', memory: 400Mi}";
        scopes(
                space,
                "Terminating",
                pod("best", "activeDeadlineSeconds: 3600", requests, limits),
                "NotTerminating",
                pod("other", "restartPolicy: Always", requests, limits));
    }

    private static void scopes(
            Space space, String scope, String pod, String otherScope, String otherPod) {
        String quota =
                "{apiVersion: v1, kind: ResourceQuota, metadata: {name: %s}, spec: {hard: {pods:"
                        + " '5'}, scopes: [%s]}}";
        quotas(space).create(quota.formatted("in", scope));
        quotas(space).create(quota.formatted("out", otherScope));
        used(space, "in", Map.of("pods", "0"));
        used(space, "out", Map.of("pods", "0"));
        space.pods().create(pod);
        used(space, "in", Map.of("pods", "1"));
        used(space, "out", Map.of("pods", "0"));
        space.pods().delete("best", "{gracePeriodSeconds: 0}");
        used(space, "in", Map.of("pods", "0"));
        space.pods().create(otherPod);
        used(space, "out", Map.of("pods", "1"));
        used(space, "in", Map.of("pods", "0"));
        space.pods().delete("other", "{gracePeriodSeconds: 0}");
        used(space, "out", Map.of("pods", "0"));
    }

    @Upstream({
        "[sig-api-machinery] ResourceQuota should be able to update and delete ResourceQuota."
                + " [Conformance]",
        "[sig-api-machinery] ResourceQuota should manage the lifecycle of a ResourceQuota"
                + " [Conformance]"
    })
    @InWorlds
    void aQuotaIsChangedListedAndDeleted(Space space) {
        Objects quotas = quotas(space);
        ObjectNode made = quotas.create(quota("q", "{cpu: '1', memory: 500Mi}"));
        made.withObjectProperty("metadata").remove("resourceVersion");
        made.withObjectProperty("spec")
                .withObjectProperty("hard")
                .put("cpu", "2")
                .put("memory", "1Gi");
        ObjectNode updated = quotas.replace(made);
        assertThat(updated.path("spec").path("hard").path("cpu").asString()).isEqualTo("2");
        assertThat(updated.path("spec").path("hard").path("memory").asString()).isEqualTo("1Gi");
        ObjectNode patched =
                quotas.patch(
                        "q",
                        Objects.STRATEGIC,
                        "{\"metadata\": {\"labels\": {\"q\": \""
                                + space.namespace()
                                + "\"}}, \"spec\": {\"hard\": {\"memory\": \"750Mi\"}}}");
        assertThat(patched.path("spec").path("hard").path("memory").asString()).isEqualTo("750Mi");
        String mine = Objects.labelled("q=" + space.namespace());
        assertThat(quotas.everyNamespace().names(mine)).containsExactly("q");
        quotas.deleteAll(mine);
        quotas.awaitGone("q");
        quotas.create(quota("q", "{cpu: '1'}"));
        quotas.delete("q");
        assertThat(quotas.exists("q")).isFalse();
    }

    @Upstream(
            "[sig-api-machinery] ResourceQuota should apply changes to a resourcequota status"
                    + " [Conformance]")
    @InWorlds
    void theStatusIsWrittenAloneAndCountedAnew(Space space) {
        Objects quotas = quotas(space);
        quotas.create(quota("q", "{cpu: 500m, memory: 500Mi}"));
        quotas.await("q", q -> hard(q).equals("500m 500Mi"));
        ObjectNode quota = quotas.get("q");
        quota.withObjectProperty("spec").withObjectProperty("hard").put("cpu", "1");
        quota.withObjectProperty("status").withObjectProperty("hard").put("cpu", "1");
        ObjectNode updated = quotas.replace(quota, "status");
        assertThat(updated.path("spec").path("hard").path("cpu").asString()).isEqualTo("500m");
        assertThat(hard(updated)).isEqualTo("1 500Mi");
        quotas.merge("q", "{spec: {hard: {cpu: '1', memory: 1Gi}}}");
        quotas.await("q", q -> hard(q).equals("1 1Gi"));
        ObjectNode patched =
                quotas.merge("q", "{status: {hard: {cpu: '2', memory: 2Gi}}}", "status");
        assertThat(hard(patched)).isEqualTo("2 2Gi");
        assertThat(patched.path("spec").path("hard").path("cpu").asString()).isEqualTo("1");
        // The controller puts right what the status says.
        quotas.await("q", q -> hard(q).equals("1 1Gi"));
        assertThat(Metadata.name(quotas.get("q", "status"))).isEqualTo("q");
    }

    private static String hard(ObjectNode quota) {
        var hard = quota.path("status").path("hard");
        return hard.path("cpu").asString("") + " " + hard.path("memory").asString("");
    }
}
