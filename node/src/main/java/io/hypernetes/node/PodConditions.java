package io.hypernetes.node;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The conditions of a pod's status that are a node's to tell, with upstream's reasons and messages.
 * Those of others are kept as they are. Pure.
 */
final class PodConditions {

    private static final List<String> OURS =
            List.of(
                    "PodReadyToStartContainers",
                    "Initialized",
                    "Ready",
                    "ContainersReady",
                    "PodResizePending",
                    "PodResizeInProgress",
                    "AllContainersRestarting");

    private final JsonNode old;
    private final JsonNode generation;
    private final Instant now;
    private final ArrayNode conditions = JsonNodeFactory.instance.arrayNode();

    /**
     * @param old the status until now
     * @param generation of the pod that was looked at; no number when it has none
     */
    PodConditions(JsonNode old, JsonNode generation, Instant now) {
        this.old = old;
        this.generation = generation;
        this.now = now;
    }

    /**
     * @param incomplete names of init containers that the others wait for
     * @param containers the statuses of those whose readiness is the pod's
     * @param restartsAll whether all containers are starting anew, where that may happen
     */
    ArrayNode of(
            String phase,
            boolean hasSandbox,
            List<String> incomplete,
            ArrayNode containers,
            JsonNode gates,
            PodMemory.Resize resize,
            Optional<Boolean> restartsAll) {
        add("PodReadyToStartContainers", hasSandbox);
        addInitialized(phase, incomplete);
        switch (phase) {
            case "Succeeded" -> addUnready("PodCompleted");
            case "Failed" -> addUnready("PodFailed");
            default -> addReadiness(unready(containers), shut(gates));
        }
        resize.pending().ifPresent(why -> add("PodResizePending", why));
        resize.inProgress().ifPresent(why -> add("PodResizeInProgress", why));
        restartsAll.ifPresent(now -> addRestartingAll(phase, now));
        for (JsonNode condition : old.path("conditions")) {
            if (!OURS.contains(condition.path("type").asString(""))) {
                conditions.add(condition.deepCopy());
            }
        }
        return conditions;
    }

    private void addRestartingAll(String phase, boolean restarting) {
        String type = "AllContainersRestarting";
        switch (phase) {
            case "Succeeded" -> add(type, false).put("reason", "PodCompleted");
            case "Failed" -> add(type, false).put("reason", "PodFailed");
            default -> {
                ObjectNode condition = add(type, restarting);
                if (restarting) {
                    condition
                            .put("reason", "RestartAllContainersStarted")
                            .put("message", "container exited with restart policy rule");
                }
            }
        }
    }

    private void addInitialized(String phase, List<String> incomplete) {
        if (phase.equals("Succeeded")) {
            add("Initialized", true).put("reason", "PodCompleted");
        } else if (incomplete.isEmpty()) {
            add("Initialized", true);
        } else {
            add("Initialized", false)
                    .put("reason", "ContainersNotInitialized")
                    .put("message", "containers with incomplete status: " + named(incomplete));
        }
    }

    /** Of a pod that has ended. */
    private void addUnready(String reason) {
        add("Ready", false).put("reason", reason);
        add("ContainersReady", false).put("reason", reason);
    }

    private void addReadiness(List<String> unready, List<String> shut) {
        String which = "containers with unready status: " + named(unready);
        if (!unready.isEmpty()) {
            add("Ready", false).put("reason", "ContainersNotReady").put("message", which);
            add("ContainersReady", false).put("reason", "ContainersNotReady").put("message", which);
            return;
        }
        if (shut.isEmpty()) {
            add("Ready", true);
        } else {
            add("Ready", false)
                    .put("reason", "ReadinessGatesNotReady")
                    .put("message", String.join(", ", shut));
        }
        add("ContainersReady", true);
    }

    /** As Go prints a list, which is what upstream's messages are made with. */
    private static String named(List<String> containers) {
        return "[" + String.join(" ", containers) + "]";
    }

    private static List<String> unready(ArrayNode containers) {
        List<String> unready = new ArrayList<>();
        for (JsonNode container : containers) {
            if (!container.path("ready").asBoolean(false)) {
                unready.add(container.path("name").asString(""));
            }
        }
        return unready;
    }

    /** The conditions of others that a pod wants to be met before it is ready (KEP-580). */
    private List<String> shut(JsonNode gates) {
        List<String> shut = new ArrayList<>();
        for (JsonNode gate : gates) {
            String type = gate.path("conditionType").asString("");
            String status = known(type).path("status").asString("");
            if (status.isEmpty()) {
                shut.add(
                        "corresponding condition of pod readiness gate \"%s\" does not exist."
                                .formatted(type));
            } else if (!status.equals("True")) {
                shut.add(
                        "the status of pod readiness gate \"%s\" is not \"True\", but %s"
                                .formatted(type, status));
            }
        }
        return shut;
    }

    /** One that is there while something is so, with the reason. */
    private void add(String type, PodMemory.Waiting why) {
        ObjectNode condition = add(type, true);
        if (!why.reason().isEmpty()) {
            condition.put("reason", why.reason()).put("message", why.message());
        }
    }

    /** The transition time of a condition that has not changed is kept. */
    private ObjectNode add(String type, boolean met) {
        String value = met ? "True" : "False";
        JsonNode known = known(type);
        String time = StatusBuilder.time(now);
        ObjectNode condition = conditions.addObject().put("type", type).put("status", value);
        if (generation.isNumber()) {
            condition.set("observedGeneration", generation);
        }
        return condition.put(
                "lastTransitionTime",
                known.path("status").asString("").equals(value)
                        ? known.path("lastTransitionTime").asString(time)
                        : time);
    }

    /** Missing when the status has none of this type. */
    private JsonNode known(String type) {
        for (JsonNode condition : old.path("conditions")) {
            if (condition.path("type").asString("").equals(type)) {
                return condition;
            }
        }
        return old.path("conditions").path(-1);
    }
}
