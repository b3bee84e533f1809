package io.hypernetes.controllers.autoscale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.UsageSource;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorkloadTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

final class AutoscalerTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Instant NOW = Instant.parse("2026-01-01T01:00:00Z");
    private static final String LONG_READY =
            "startTime: '2026-01-01T00:00:00Z', conditions: [{type: Ready, status: 'True',"
                    + " lastTransitionTime: '2026-01-01T00:00:10Z'}]";

    /** Usage of cpu by the pods' names, in thousandths of a core. */
    private record Measured(Map<String, Integer> cpu, Instant at) implements UsageSource {
        @Override
        public Optional<PodUsage> pod(ObjectKey pod) {
            return Optional.ofNullable(cpu.get(pod.name()))
                    .map(milli ->
                            new PodUsage(
                                    at,
                                    Duration.ofSeconds(10),
                                    Map.of("c", new Amount(milli * 1_000_000L, milli * 1000L))));
        }

        @Override
        public Optional<NodeUsage> node(String name) {
            return Optional.empty();
        }
    }

    private static ObjectNode yaml(String text) {
        return Yaml.parse(text.getBytes(StandardCharsets.UTF_8)).tree();
    }

    private static ObjectNode pod(String name, String status) {
        return yaml(
                "{metadata: {name: %s, namespace: web, labels: {app: web}}, spec: {containers: [{name: c, resources: {requests: {cpu: 100m}}}]}, status: {%s}}"
                        .formatted(name, status));
    }

    /** The cases of upstream's documentation and of its algorithm's corners. */
    @ParameterizedTest
    @CsvSource({
        "3, 100 100 100, 50, 6", // twice the target
        "3, 25 25 25, 50, 2", // half of it
        "3, 52 52 52, 50, 3", // within the tolerance
        "2, 100 -, 50, 2", // one not measured: taken as idle, 50 % on average
        "3, 20 20 -, 50, 2", // one not measured: taken as on target when going down
        "3, 100 100 p, 50, 4", // one pending: taken as idle, 66 % on average of three
        "1, 200, 50, 4",
    })
    void replicasFromUtilization(int current, String usage, int target, int expected) {
        List<ObjectNode> pods = new ArrayList<>();
        Map<String, Integer> cpu = new ConcurrentHashMap<>();
        String[] each = usage.split(" ", -1);
        for (int i = 0; i < each.length; i++) {
            boolean pending = each[i].equals("p");
            pods.add(pod("p" + i, pending ? "phase: Pending" : "phase: Running, " + LONG_READY));
            if (!pending && !each[i].equals("-")) {
                cpu.put("p" + i, Integer.parseInt(each[i]));
            }
        }
        ObjectNode metric =
                yaml(
                        "{type: Resource, resource: {name: cpu, target: {type: Utilization, averageUtilization: %d}}}"
                                .formatted(target));
        Proposal proposal =
                ResourceMetric.of(metric).propose(ACME, pods, new Measured(cpu, NOW), current, NOW);
        assertThat(proposal)
                .isInstanceOfSatisfying(
                        Proposal.Replicas.class, p -> assertThat(p.count()).isEqualTo(expected));
    }

    @Test
    void aPodWithoutARequestCannotBeMeasuredByUtilization() {
        ObjectNode metric =
                yaml(
                        "{type: Resource, resource: {name: memory, target: {type: Utilization,"
                                + " averageUtilization: 50}}}");
        assertThat(
                        ResourceMetric.of(metric)
                                .propose(
                                        ACME,
                                        List.of(pod("p0", "phase: Running, " + LONG_READY)),
                                        new Measured(Map.of("p0", 5), NOW),
                                        1,
                                        NOW))
                .isEqualTo(
                        new Proposal.Unknown(
                                "FailedGetResourceMetric",
                                "failed to get memory utilization: missing request for memory in"
                                        + " pod p0"));
    }

    @Test
    void behaviourLimitsTheSpeedAndRemembersItsRecommendations() {
        ObjectNode spec = yaml("{minReplicas: 1, maxReplicas: 20}");
        ScalingBehavior behavior = new ScalingBehavior();
        assertThat(behavior.allow(spec, 2, 20, NOW).replicas())
                .as("four more, or twice")
                .isEqualTo(6);
        behavior.scaled(2, 6, NOW);
        assertThat(behavior.allow(spec, 6, 20, NOW.plusSeconds(5)).reason())
                .isEqualTo("ScaleUpLimit");
        assertThat(behavior.allow(spec, 6, 20, NOW.plusSeconds(16)).replicas()).isEqualTo(12);
        assertThat(behavior.allow(spec, 12, 30, NOW.plusSeconds(60)))
                .isEqualTo(
                        new ScalingBehavior.Allowed(
                                20,
                                false,
                                "TooManyReplicas",
                                "the desired replica count is more than the maximum replica"
                                        + " count"));
        assertThat(behavior.allow(spec, 20, 3, NOW.plusSeconds(90)).stabilized()).isTrue();
        assertThat(behavior.allow(spec, 20, 3, NOW.plusSeconds(361)).replicas()).isEqualTo(3);

        ObjectNode slow =
                yaml(
                        "{minReplicas: 1, maxReplicas: 20, behavior: {scaleDown:"
                            + " {stabilizationWindowSeconds: 0, policies: [{type: Pods, value: 2,"
                            + " periodSeconds: 60}]}, scaleUp: {selectPolicy: Disabled}}}");
        ScalingBehavior slowly = new ScalingBehavior();
        assertThat(slowly.allow(slow, 10, 3, NOW).replicas()).isEqualTo(8);
        slowly.scaled(10, 8, NOW);
        assertThat(slowly.allow(slow, 8, 3, NOW.plusSeconds(30)).replicas()).isEqualTo(8);
        assertThat(slowly.allow(slow, 8, 18, NOW.plusSeconds(90)).replicas()).isEqualTo(8);
    }

    @Test
    void aDeploymentGrowsWithItsLoadAndSaysSo() {
        MemoryClient client = new MemoryClient();
        client.create(
                WorkloadTypes.DEPLOYMENTS,
                ACME,
                yaml(
                        "{metadata: {name: web, namespace: web}, spec: {replicas: 1, selector:"
                                + " {matchLabels: {app: web}}}}"));
        client.create(BuiltinTypes.PODS, ACME, pod("p0", "phase: Running, " + LONG_READY));
        client.create(
                WorkloadTypes.HORIZONTAL_POD_AUTOSCALERS,
                ACME,
                yaml(
                        "{metadata: {name: web, namespace: web}, spec: {minReplicas: 1,"
                            + " maxReplicas: 5, scaleTargetRef: {apiVersion: apps/v1, kind:"
                            + " Deployment, name: web}, metrics: [{type: Resource, resource: {name:"
                            + " cpu, target: {type: Utilization, averageUtilization: 50}}}]}}"));
        ObjectKey key = new ObjectKey(ACME, "web", "web");
        try (Informer pods = new Informer(client, BuiltinTypes.PODS);
                AutoscalerController _ =
                        new AutoscalerController(
                                        client,
                                        WorldTypes.BUILTIN,
                                        new Measured(Map.of("p0", 150), Instant.now()),
                                        pods,
                                        Clock.systemUTC())
                                .start()) {
            await().until(() ->
                    client.get(WorkloadTypes.DEPLOYMENTS, key).at("/spec/replicas").asInt() == 3);
            await().until(() ->
                    client.get(WorkloadTypes.HORIZONTAL_POD_AUTOSCALERS, key)
                                    .at("/status/desiredReplicas")
                                    .asInt()
                            == 3);
        }
        ObjectNode status =
                (ObjectNode)
                        client.get(WorkloadTypes.HORIZONTAL_POD_AUTOSCALERS, key).path("status");
        assertThat(status.at("/currentMetrics/0/resource/current/averageUtilization").asInt())
                .isEqualTo(150);
        assertThat(status.path("conditions").valueStream().map(c -> c.path("reason").asString()))
                .containsExactly("SucceededRescale", "ValidMetricFound", "DesiredWithinRange");
        assertThat(
                        client.list(BuiltinTypes.EVENTS, Selection.of(ACME)).items().stream()
                                .map(e -> e.object().path("message").asString()))
                .containsExactly(
                        "New size: 3; reason: cpu resource utilization (percentage of request)"
                                + " above target");
    }
}
