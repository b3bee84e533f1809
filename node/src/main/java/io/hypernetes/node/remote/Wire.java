package io.hypernetes.node.remote;

import io.hypernetes.api.Status;
import io.hypernetes.api.client.UsageSource.Amount;
import io.hypernetes.api.client.UsageSource.NodeUsage;
import io.hypernetes.api.client.UsageSource.PodUsage;
import io.hypernetes.api.json.Json;
import io.hypernetes.volume.Volume;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Answers as JSON, written at one end and read at the other. */
final class Wire {

    private Wire() {}

    static ObjectNode refusal(Status status) {
        return Json.object()
                .put("code", status.code())
                .put("reason", status.reason().text())
                .put("message", status.message());
    }

    static Status refusal(JsonNode tree) {
        return new Status(
                tree.path("code").asInt(500),
                Status.Reason.of(tree.path("reason").asString("")),
                tree.path("message").asString(""),
                Optional.empty());
    }

    static ObjectNode of(Volume volume) {
        return Json.object()
                .put("id", volume.id())
                .put("tenant", volume.tenant())
                .put("bytes", volume.bytes());
    }

    static Volume volume(JsonNode tree) {
        return new Volume(
                tree.path("id").asString(""),
                tree.path("tenant").asString(""),
                tree.path("bytes").asLong(0));
    }

    /** An empty object for nothing. */
    static ObjectNode ofNode(Optional<NodeUsage> usage) {
        ObjectNode tree = Json.object();
        usage.ifPresent(seen -> {
            times(tree, seen.at(), seen.window());
            amount(tree.putObject("total"), seen.total());
        });
        return tree;
    }

    static Optional<NodeUsage> nodeUsage(JsonNode tree) {
        return tree.has("at")
                ? Optional.of(new NodeUsage(at(tree), window(tree), amount(tree.path("total"))))
                : Optional.empty();
    }

    static ObjectNode ofPod(Optional<PodUsage> usage) {
        ObjectNode tree = Json.object();
        usage.ifPresent(seen -> {
            times(tree, seen.at(), seen.window());
            ObjectNode containers = tree.putObject("containers");
            seen.containers().forEach((name, amount) -> amount(containers.putObject(name), amount));
        });
        return tree;
    }

    static Optional<PodUsage> podUsage(JsonNode tree) {
        if (!tree.has("at")) {
            return Optional.empty();
        }
        Map<String, Amount> containers = new HashMap<>();
        tree.path("containers")
                .propertyNames()
                .forEach(name -> containers.put(name, amount(tree.path("containers").path(name))));
        return Optional.of(new PodUsage(at(tree), window(tree), Map.copyOf(containers)));
    }

    private static void times(ObjectNode tree, Instant at, Duration window) {
        tree.put("at", at.toString()).put("windowMillis", window.toMillis());
    }

    private static Instant at(JsonNode tree) {
        return Instant.parse(tree.path("at").asString(""));
    }

    private static Duration window(JsonNode tree) {
        return Duration.ofMillis(tree.path("windowMillis").asLong(0));
    }

    private static void amount(ObjectNode tree, Amount amount) {
        tree.put("nanoCores", amount.nanoCores()).put("memoryBytes", amount.memoryBytes());
    }

    private static Amount amount(JsonNode tree) {
        return new Amount(tree.path("nanoCores").asLong(0), tree.path("memoryBytes").asLong(0));
    }
}
