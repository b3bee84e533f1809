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
import java.util.List;
import java.util.function.Consumer;

final class DaemonSetControllerTest {
    private static final ObjectKey SET = new ObjectKey(Tenant.SYSTEM, "kube-system", "logs");

    private final MemoryClient client = new MemoryClient();
    private final WorkloadMirrors mirrors = WorkloadMirrors.of(client);
    private final DaemonSetController sets =
            new DaemonSetController(client, mirrors, Clock.systemUTC()).start();

    @AfterEach
    void stop() {
        sets.close();
        mirrors.close();
    }

    private static ObjectNode yaml(String text) {
        return Yaml.parse(text.getBytes(StandardCharsets.UTF_8)).tree();
    }

    private void node(String name, String spec) {
        client.create(
                BuiltinTypes.NODES,
                Tenant.SYSTEM,
                yaml(
                        "{metadata: {name: %s, labels: {os: linux}}, spec: %s}"
                                .formatted(name, spec)));
    }

    private void set(Tenant tenant, String strategy) {
        client.create(
                WorkloadTypes.DAEMON_SETS,
                tenant,
                yaml(
                        """
                        metadata: {name: logs, namespace: kube-system, generation: 1}
                        spec:
                          selector: {matchLabels: {app: logs}}
                          updateStrategy: %s
                          template:
                            metadata: {labels: {app: logs}}
                            spec: {nodeSelector: {os: linux}, containers: [{name: c, image: one}]}
                        """
                                .formatted(strategy)));
    }

    private void change(Consumer<ObjectNode> change) {
        await().ignoreExceptions()
                .until(() -> {
                    ObjectNode set = client.get(WorkloadTypes.DAEMON_SETS, SET);
                    change.accept(set.withObject("spec"));
                    client.update(WorkloadTypes.DAEMON_SETS, Tenant.SYSTEM, set);
                    return true;
                });
    }

    private List<ObjectNode> pods() {
        return client.list(BuiltinTypes.PODS, Selection.of(Tenant.SYSTEM)).items().stream()
                .map(TenantObject::object)
                .filter(PodState::isActive)
                .toList();
    }

    /** {@code NODE IMAGE}. */
    private List<String> shown() {
        return pods().stream()
                .map(pod ->
                        DaemonSpec.nodeOf(pod)
                                + " "
                                + pod.at("/spec/containers/0/image").asString())
                .sorted()
                .toList();
    }

    /** What scheduler and node do. */
    private void run(String node) {
        await().ignoreExceptions()
                .until(() -> {
                    ObjectNode pod =
                            pods().stream()
                                    .filter(p -> DaemonSpec.nodeOf(p).equals(node))
                                    .findFirst()
                                    .orElseThrow();
                    pod.withObject("spec").put("nodeName", node);
                    ObjectNode status = pod.putObject("status").put("phase", "Running");
                    status.putArray("conditions")
                            .addObject()
                            .put("type", "Ready")
                            .put("status", "True");
                    client.update(BuiltinTypes.PODS, Tenant.SYSTEM, pod);
                    return true;
                });
    }

    /** What the node does with pods that are to go. */
    private void endGoing() {
        client.list(BuiltinTypes.PODS, Selection.of(Tenant.SYSTEM)).items().stream()
                .filter(item -> Metadata.isBeingDeleted(item.object()))
                .forEach(item -> client.delete(BuiltinTypes.PODS, item.key(), DeleteOptions.NOW));
    }

    private List<String> shownOnceGone() {
        endGoing();
        return shown();
    }

    private JsonNode status() {
        return client.get(WorkloadTypes.DAEMON_SETS, SET).path("status");
    }

    @Test
    void eachNodeThatTakesItHasOnePodAndAnUpdateGoesNodeByNode() {
        node("a", "{}");
        node(
                "b",
                "{unschedulable: true, taints: [{key: node.kubernetes.io/unschedulable, effect:"
                        + " NoSchedule}]}");
        node("c", "{taints: [{key: team, effect: NoSchedule}]}");
        set(Tenant.SYSTEM, "{type: RollingUpdate}");
        await().until(() -> shown().equals(List.of("a one", "b one")));
        run("a");
        run("b");
        await().until(() -> status().path("numberAvailable").asInt() == 2);
        assertThat(status().path("desiredNumberScheduled").asInt()).isEqualTo(2);
        assertThat(status().path("numberUnavailable").asInt(0)).isZero();

        change(spec -> ((ObjectNode) spec.at("/template/spec/containers/0")).put("image", "two"));
        await().until(() -> {
            List<String> now = shownOnceGone();
            return now.size() == 2 && now.contains("a two") != now.contains("b two");
        });
        String first = shown().contains("a two") ? "a" : "b";
        assertThat(shown()).as("one at a time").contains((first.equals("a") ? "b" : "a") + " one");
        run(first);
        await().until(() -> shownOnceGone().equals(List.of("a two", "b two")));
        run(first.equals("a") ? "b" : "a");
        await().until(() -> status().path("updatedNumberScheduled").asInt() == 2);
        assertThat(
                        client.list(WorkloadTypes.CONTROLLER_REVISIONS, Selection.of(Tenant.SYSTEM))
                                .items())
                .hasSize(2)
                .allMatch(r -> !Metadata.label(r.object(), "controller-revision-hash").isEmpty());

        node("d", "{}");
        await().until(() -> shown().contains("d two"));
    }

    @Test
    void onDeleteLeavesOldPodsAlone() {
        node("a", "{}");
        set(Tenant.SYSTEM, "{type: OnDelete}");
        await().until(() -> shown().equals(List.of("a one")));
        run("a");
        change(spec -> ((ObjectNode) spec.at("/template/spec/containers/0")).put("image", "two"));
        await().until(() ->
                status().path("updatedNumberScheduled").asInt(0) == 0
                        && status().path("numberAvailable").asInt() == 1);
        assertThat(shown()).containsExactly("a one");
        ObjectNode pod = pods().getFirst();
        client.delete(
                BuiltinTypes.PODS,
                new ObjectKey(Tenant.SYSTEM, "kube-system", Metadata.name(pod)),
                DeleteOptions.NOW);
        await().until(() -> shown().equals(List.of("a two")));
    }

    @Test
    void aSurgingPodComesBesideTheOldOne() {
        node("a", "{}");
        set(
                Tenant.SYSTEM,
                "{type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}");
        await().until(() -> shown().equals(List.of("a one")));
        run("a");
        await().until(() -> status().path("numberAvailable").asInt() == 1);
        change(spec -> ((ObjectNode) spec.at("/template/spec/containers/0")).put("image", "two"));
        await().until(() -> shown().equals(List.of("a one", "a two")));
    }

    @Test
    void aTenantIsToldThatItsWorldHasNoNodes() {
        node("a", "{}");
        Tenant acme = new Tenant("acme");
        set(acme, "{type: RollingUpdate}");
        await().until(() ->
                client.list(BuiltinTypes.EVENTS, Selection.of(acme)).items().stream()
                        .anyMatch(e -> e.object().path("reason").asString().equals("NoNodes")));
        assertThat(client.list(BuiltinTypes.PODS, Selection.of(acme)).items()).isEmpty();
    }
}
