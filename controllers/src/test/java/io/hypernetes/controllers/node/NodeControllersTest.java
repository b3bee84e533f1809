package io.hypernetes.controllers.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

final class NodeControllersTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Clock CLOCK = Clock.systemUTC();

    private final MemoryClient client = new MemoryClient();
    private final Informer pods = new Informer(client, BuiltinTypes.PODS);
    private final Informer nodes =
            new Informer(client, BuiltinTypes.NODES, Selection.of(Tenant.SYSTEM));
    private final Informer leases =
            new Informer(client, BuiltinTypes.LEASES, Selection.of(Tenant.SYSTEM));
    private final List<AutoCloseable> open = new ArrayList<>(List.of(pods, nodes, leases));

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    private static ObjectNode yaml(String text) {
        return Yaml.parse(text.getBytes(StandardCharsets.UTF_8)).tree();
    }

    private void node(String name, String taints, String ready) {
        client.create(
                BuiltinTypes.NODES,
                Tenant.SYSTEM,
                yaml(
                        "{metadata: {name: %s}, spec: {taints: [%s]}, status: {conditions: [{type: Ready, status: '%s'}]}}"
                                .formatted(name, taints, ready)));
    }

    private ObjectKey pod(String name, String node, String more) {
        client.create(
                BuiltinTypes.PODS,
                ACME,
                yaml(
                        "{metadata: {name: %s, namespace: web}, spec: {nodeName: '%s'%s}, status: {phase: Running, conditions: [{type: Ready, status: 'True'}]}}"
                                .formatted(name, node, more)));
        return new ObjectKey(ACME, "web", name);
    }

    private boolean isGoing(ObjectKey pod) {
        return client.find(BuiltinTypes.PODS, pod)
                .filter(p -> !p.path("metadata").has("deletionTimestamp"))
                .isEmpty();
    }

    private Optional<String> taint(String node, String effect) {
        return client.get(BuiltinTypes.NODES, new ObjectKey(Tenant.SYSTEM, "", node))
                .path("spec")
                .path("taints")
                .valueStream()
                .filter(taint -> taint.path("effect").asString().equals(effect))
                .map(taint -> taint.path("key").asString())
                .findFirst();
    }

    private void lease(String node, String time) {
        client.create(
                BuiltinTypes.LEASES,
                Tenant.SYSTEM,
                yaml(
                        "{metadata: {name: %s, namespace: kube-node-lease}, spec: {renewTime: '%s'}}"
                                .formatted(node, time)));
    }

    @Test
    void aNodeThatSaysNothingIsUnknownItsPodsNotReadyAndTaintedWhileOthersWork() {
        node("well", "", "True");
        node("silent", "", "True");
        lease("well", "2026-01-01T00:00:00.000000Z");
        ObjectKey pod = pod("p", "silent", "");
        Thread beats =
                Thread.ofVirtual()
                        .start(() -> {
                            for (int i = 1;
                                    i < 2000 && !Thread.currentThread().isInterrupted();
                                    i++) {
                                ObjectKey key =
                                        new ObjectKey(Tenant.SYSTEM, "kube-node-lease", "well");
                                ObjectNode lease = client.get(BuiltinTypes.LEASES, key);
                                lease.withObject("spec")
                                        .put("renewTime", "2026-01-01T00:00:00.%06dZ".formatted(i));
                                client.update(BuiltinTypes.LEASES, Tenant.SYSTEM, lease);
                                try {
                                    Thread.sleep(20);
                                } catch (InterruptedException _) {
                                    return;
                                }
                            }
                        });
        open.add(beats::interrupt);
        open.add(
                new NodeHealth(client, pods, nodes, leases, CLOCK, Duration.ofMillis(2000))
                        .start());
        await().until(() ->
                taint("silent", "NoExecute").equals(Optional.of("node.kubernetes.io/unreachable")));
        await().until(() ->
                client.get(BuiltinTypes.PODS, pod)
                        .at("/status/conditions/0/status")
                        .asString()
                        .equals("False"));
        ObjectNode silent =
                client.get(BuiltinTypes.NODES, new ObjectKey(Tenant.SYSTEM, "", "silent"));
        assertThat(PodConditions.status(silent, "Ready")).isEqualTo("Unknown");
        assertThat(PodConditions.status(silent, "DiskPressure")).isEqualTo("Unknown");
        assertThat(taint("well", "NoExecute")).isEmpty();
        aPodThatIsReadyAgainIsBelieved(pod);
    }

    /** Pods are told when their node becomes not ready, not at every look at it. */
    private void aPodThatIsReadyAgainIsBelieved(ObjectKey key) {
        ObjectNode pod = client.get(BuiltinTypes.PODS, key).deepCopy();
        ((ObjectNode) pod.at("/status/conditions/0")).put("status", "True");
        client.updateStatus(BuiltinTypes.PODS, key.tenant(), pod);
        for (int looks = 0; looks < 2; looks++) {
            ObjectKey name = new ObjectKey(Tenant.SYSTEM, "", "silent");
            ObjectNode node = client.get(BuiltinTypes.NODES, name).deepCopy();
            node.withObject("spec").remove("taints");
            client.update(BuiltinTypes.NODES, Tenant.SYSTEM, node);
            await().until(() -> taint("silent", "NoExecute").isPresent());
        }
        assertThat(PodConditions.status(client.get(BuiltinTypes.PODS, key), "Ready"))
                .isEqualTo("True");
    }

    @Test
    void taintsDriveAwayWhoDoesNotTolerateThemAndOthersWhenTheirTimeIsOver() {
        String taint = "{key: k, effect: NoExecute, timeAdded: '%s'}";
        node("a", taint.formatted(Instant.now().minusSeconds(60)), "True");
        String tolerates = ", tolerations: [{key: k, operator: Exists%s}]";
        ObjectKey plain = pod("plain", "a", "");
        ObjectKey ever = pod("ever", "a", tolerates.formatted(""));
        ObjectKey brief = pod("brief", "a", tolerates.formatted(", tolerationSeconds: 61"));
        ObjectKey later = pod("later", "a", tolerates.formatted(", tolerationSeconds: 3600"));
        open.add(new TaintEviction(client, pods, nodes, CLOCK).start());
        await().until(() -> isGoing(plain) && isGoing(brief));
        assertThat(isGoing(ever)).isFalse();
        assertThat(isGoing(later)).isFalse();
        assertThat(
                        client.list(BuiltinTypes.EVENTS, Selection.of(ACME)).items().stream()
                                .map(e -> e.object().path("message").asString()))
                .contains(
                        "Marking for deletion Pod web/plain", "Marking for deletion Pod web/brief");
    }

    @Test
    void podsThatNobodyWillEndAreEnded() {
        node("a", "", "True");
        node("dead", "{key: node.kubernetes.io/out-of-service, effect: NoExecute}", "Unknown");
        ObjectKey fine = pod("fine", "a", "");
        ObjectKey stray = pod("stray", "gone", "");
        ObjectKey stuck = pod("stuck", "dead", "");
        client.delete(BuiltinTypes.PODS, stuck, DeleteOptions.DEFAULT);
        for (int i = 0; i < 3; i++) {
            ObjectKey ended = pod("ended-" + i, "a", "");
            ObjectNode tree = client.get(BuiltinTypes.PODS, ended);
            tree.withObject("metadata").put("creationTimestamp", "2026-01-01T00:00:0" + i + "Z");
            tree.withObject("status").put("phase", "Succeeded");
            client.update(BuiltinTypes.PODS, ACME, tree);
        }
        open.add(
                new PodGarbage(
                                client,
                                pods,
                                nodes,
                                CLOCK,
                                new PodGarbage.Limits(
                                        1, Duration.ofMillis(100), Duration.ofMillis(100)))
                        .start());
        pods.start();
        await().until(() ->
                client.list(BuiltinTypes.PODS, Selection.of(ACME)).items().stream()
                        .map(item -> item.key().name())
                        .toList()
                        .equals(List.of("ended-2", "fine")));
        assertThat(isGoing(fine)).isFalse();
        assertThat(isGoing(stray)).isTrue();
    }
}
