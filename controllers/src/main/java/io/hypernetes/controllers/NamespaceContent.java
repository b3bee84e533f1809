package io.hypernetes.controllers;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What one look at a namespace that is being deleted found, and the conditions that tell it as
 * upstream's namespace controller does.
 */
final class NamespaceContent {
    private record Condition(String type, boolean holds, String reason, String message) {}

    private final Map<String, Integer> remaining = new TreeMap<>();
    private final Map<String, Integer> finalizers = new TreeMap<>();
    private final Map<String, String> failures = new LinkedHashMap<>();

    void remains(ResourceType type, ObjectNode object) {
        remaining.merge(type.id().resource() + "." + type.id().group(), 1, Integer::sum);
        for (String finalizer : Metadata.finalizers(object)) {
            finalizers.merge(finalizer, 1, Integer::sum);
        }
    }

    void failed(ResourceType type, String message) {
        failures.put(type.toString(), message);
    }

    boolean isEmpty() {
        return remaining.isEmpty() && failures.isEmpty();
    }

    /**
     * @return whether the status says something else than before
     */
    boolean writeConditions(ObjectNode status, Clock clock) {
        boolean changed = false;
        ArrayNode conditions =
                status.get("conditions") instanceof ArrayNode present
                        ? present
                        : status.putArray("conditions");
        changed |= write(conditions, DISCOVERED, clock);
        changed |= write(conditions, PARSED, clock);
        changed |= write(conditions, deletion(), clock);
        changed |= write(conditions, content(), clock);
        changed |= write(conditions, finalization(), clock);
        return changed;
    }

    /** The types of a world are in memory: there is nothing that could fail. */
    private static final Condition DISCOVERED =
            new Condition(
                    "NamespaceDeletionDiscoveryFailure",
                    false,
                    "ResourcesDiscovered",
                    "All resources successfully discovered");

    private static final Condition PARSED =
            new Condition(
                    "NamespaceDeletionGroupVersionParsingFailure",
                    false,
                    "ParsedGroupVersions",
                    "All legacy kube types successfully parsed");

    private Condition deletion() {
        return failures.isEmpty()
                ? new Condition(
                        "NamespaceDeletionContentFailure",
                        false,
                        "ContentDeleted",
                        "All content successfully deleted, may be waiting on finalization")
                : new Condition(
                        "NamespaceDeletionContentFailure",
                        true,
                        "ContentDeletionFailed",
                        "Failed to delete all resource types, "
                                + failures.size()
                                + " remaining: "
                                + String.join(", ", failures.values()));
    }

    private Condition content() {
        return remaining.isEmpty()
                ? new Condition(
                        "NamespaceContentRemaining",
                        false,
                        "ContentRemoved",
                        "All content successfully removed")
                : new Condition(
                        "NamespaceContentRemaining",
                        true,
                        "SomeResourcesRemain",
                        "Some resources are remaining: " + counts(remaining, " has "));
    }

    private Condition finalization() {
        return finalizers.isEmpty()
                ? new Condition(
                        "NamespaceFinalizersRemaining",
                        false,
                        "ContentHasNoFinalizers",
                        "All content-preserving finalizers finished")
                : new Condition(
                        "NamespaceFinalizersRemaining",
                        true,
                        "SomeFinalizersRemain",
                        "Some content in the namespace has finalizers remaining: "
                                + counts(finalizers, " in "));
    }

    private static String counts(Map<String, Integer> counted, String between) {
        return counted.entrySet().stream()
                .map(e -> e.getKey() + between + e.getValue() + " resource instances")
                .collect(Collectors.joining(", "));
    }

    private static boolean write(ArrayNode conditions, Condition condition, Clock clock) {
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        String status = condition.holds() ? "True" : "False";
        for (JsonNode one : conditions) {
            if (one instanceof ObjectNode present
                    && text(present, "type").equals(condition.type())) {
                boolean turned = !text(present, "status").equals(status);
                boolean changed =
                        turned
                                || !text(present, "reason").equals(condition.reason())
                                || !text(present, "message").equals(condition.message());
                if (turned) {
                    present.put("lastTransitionTime", now);
                }
                present.put("status", status);
                present.put("reason", condition.reason()).put("message", condition.message());
                return changed;
            }
        }
        conditions
                .addObject()
                .put("type", condition.type())
                .put("status", status)
                .put("lastTransitionTime", now)
                .put("reason", condition.reason())
                .put("message", condition.message());
        return true;
    }

    private static String text(ObjectNode object, String field) {
        return object.path(field).asString("");
    }
}
