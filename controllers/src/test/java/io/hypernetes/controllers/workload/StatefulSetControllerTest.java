package io.hypernetes.controllers.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorkloadTypes;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

final class StatefulSetControllerTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final ObjectKey SET = new ObjectKey(ACME, "web", "db");

    private final MemoryClient client = new MemoryClient();
    private final WorkloadMirrors mirrors = WorkloadMirrors.of(client);
    private final StatefulSetController sets =
            new StatefulSetController(client, mirrors, Clock.systemUTC()).start();

    @AfterEach
    void stop() {
        sets.close();
        mirrors.close();
    }

    private void set(int replicas, String more) {
        String yaml =
                """
                metadata: {name: db, namespace: web}
                spec:
                  replicas: %d
                  serviceName: peers
                  selector: {matchLabels: {app: db}}
                  updateStrategy: {type: RollingUpdate}
                  volumeClaimTemplates: [{metadata: {name: data}, spec: {accessModes: [ReadWriteOnce]}}]
                  template:
                    metadata: {labels: {app: db}}
                    spec: {containers: [{name: c, image: one}]}
                  %s
                """
                        .formatted(replicas, more);
        client.create(
                WorkloadTypes.STATEFUL_SETS,
                ACME,
                Yaml.parse(yaml.getBytes(StandardCharsets.UTF_8)).tree());
    }

    private void change(Consumer<ObjectNode> change) {
        await().ignoreExceptions()
                .until(() -> {
                    ObjectNode set = client.get(WorkloadTypes.STATEFUL_SETS, SET);
                    change.accept(set.withObject("spec"));
                    client.update(WorkloadTypes.STATEFUL_SETS, ACME, set);
                    return true;
                });
    }

    private List<ObjectNode> pods() {
        return client.list(BuiltinTypes.PODS, Selection.of(ACME, "web")).items().stream()
                .map(TenantObject::object)
                .toList();
    }

    /** {@code NAME IMAGE}, of pods that are not going. */
    private List<String> shown() {
        return pods().stream()
                .filter(PodState::isActive)
                .map(pod ->
                        Metadata.name(pod) + " " + pod.at("/spec/containers/0/image").asString())
                .sorted()
                .toList();
    }

    private void ready(String name) {
        ready(name, true);
    }

    private void unready(String name) {
        ready(name, false);
    }

    private void ready(String name, boolean ready) {
        await().ignoreExceptions()
                .until(() -> {
                    ObjectNode pod =
                            client.get(BuiltinTypes.PODS, new ObjectKey(ACME, "web", name));
                    ObjectNode status = pod.putObject("status").put("phase", "Running");
                    status.putArray("conditions")
                            .addObject()
                            .put("type", "Ready")
                            .put("status", ready ? "True" : "False");
                    client.updateStatus(BuiltinTypes.PODS, ACME, pod);
                    return true;
                });
    }

    private JsonNode status() {
        return client.get(WorkloadTypes.STATEFUL_SETS, SET).path("status");
    }

    @Test
    void podsComeOneAfterTheOtherWithTheirOwnClaimsAndGoInReverse() {
        set(2, "");
        await().until(() -> shown().equals(List.of("db-0 one")));
        ready("db-0");
        await().until(() -> shown().equals(List.of("db-0 one", "db-1 one")));
        ready("db-1");
        await().until(() -> status().path("readyReplicas").asInt() == 2);

        ObjectNode pod = client.get(BuiltinTypes.PODS, new ObjectKey(ACME, "web", "db-1"));
        assertThat(pod.at("/spec/hostname").asString()).isEqualTo("db-1");
        assertThat(pod.at("/spec/subdomain").asString()).isEqualTo("peers");
        assertThat(pod.at("/spec/volumes/0/persistentVolumeClaim/claimName").asString())
                .isEqualTo("data-db-1");
        assertThat(Metadata.label(pod, "apps.kubernetes.io/pod-index")).isEqualTo("1");

        change(spec -> spec.put("replicas", 0));
        await().until(() -> pods().isEmpty());
        assertThat(
                        client
                                .list(
                                        BuiltinTypes.PERSISTENT_VOLUME_CLAIMS,
                                        Selection.of(ACME, "web"))
                                .items()
                                .stream()
                                .map(item -> Metadata.name(item.object())))
                .containsExactly("data-db-0", "data-db-1");
    }

    @Test
    void whenSeveralAreUnhealthyNoneGoesButTheFirst() {
        set(3, "");
        for (String name : List.of("db-0", "db-1", "db-2")) {
            ready(name);
        }
        await().until(() -> status().path("readyReplicas").asInt() == 3);
        for (String name : List.of("db-1", "db-2")) {
            unready(name);
        }
        await().until(() -> status().path("readyReplicas").asInt() == 1);
        change(spec -> spec.put("replicas", 0));
        await().during(Duration.ofMillis(200)).until(() -> shown().size() == 3);
        ready("db-2");
        await().until(() -> pods().isEmpty());
    }

    @Test
    void anUpdateRollsFromTheLastPodToThePartition() {
        set(2, "podManagementPolicy: Parallel");
        await().until(() -> shown().equals(List.of("db-0 one", "db-1 one")));
        ready("db-0");
        ready("db-1");
        await().until(() -> status().path("currentReplicas").asInt() == 2);
        String first = status().path("currentRevision").asString();

        change(spec -> {
            spec.withObject("updateStrategy").putObject("rollingUpdate").put("partition", 1);
            ((ObjectNode) spec.at("/template/spec/containers/0")).put("image", "two");
        });
        await().until(() -> shown().equals(List.of("db-0 one", "db-1 two")));
        ready("db-1");
        await().until(() -> status().path("updatedReplicas").asInt() == 1);
        assertThat(status().path("currentRevision").asString()).isEqualTo(first);

        change(spec -> spec.withObject("updateStrategy").putObject("rollingUpdate"));
        await().until(() -> shown().equals(List.of("db-0 two", "db-1 two")));
        ready("db-0");
        await().until(() ->
                status().path("currentRevision").equals(status().path("updateRevision")));
        assertThat(status().path("currentRevision").asString()).isNotEqualTo(first);
        assertThat(
                        client.list(WorkloadTypes.CONTROLLER_REVISIONS, Selection.of(ACME, "web"))
                                .items())
                .hasSize(2);
    }

    @Test
    void aPodLostBeforeTheRolloutReachedItComesBackAsItWas() {
        set(3, "podManagementPolicy: Parallel");
        await().until(() -> shown().size() == 3);
        List.of("db-0", "db-1", "db-2").forEach(this::ready);
        await().until(() -> status().path("currentReplicas").asInt() == 3);
        change(spec -> ((ObjectNode) spec.at("/template/spec/containers/0")).put("image", "two"));
        await().until(() -> shown().equals(List.of("db-0 one", "db-1 one", "db-2 two")));

        String lost = Metadata.uid(pods().getFirst());
        client.delete(BuiltinTypes.PODS, new ObjectKey(ACME, "web", "db-0"), DeleteOptions.NOW);
        await().until(() ->
                shown().equals(List.of("db-0 one", "db-1 one", "db-2 two"))
                        && !Metadata.uid(pods().getFirst()).equals(lost));

        List.of("db-0", "db-2").forEach(this::ready);
        await().until(() -> shown().equals(List.of("db-0 one", "db-1 two", "db-2 two")));
        ready("db-1");
        await().until(() -> shown().equals(List.of("db-0 two", "db-1 two", "db-2 two")));
    }
}
