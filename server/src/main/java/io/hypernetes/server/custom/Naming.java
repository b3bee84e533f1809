package io.hypernetes.server.custom;

import io.hypernetes.api.custom.Conditions;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Whether a definition may have the names that it asks for: within a group of one world, no two
 * have a name in common. Who was accepted first keeps it.
 */
final class Naming {
    private final Set<String> resources = new HashSet<>();
    private final Set<String> kinds = new HashSet<>();
    private String reason = "";
    private String message = "";

    private Naming() {}

    /**
     * Writes accepted names and the conditions that follow from them into the status.
     *
     * @param others the other definitions of the world
     * @return whether the status is another now
     */
    static boolean accept(ObjectNode definition, List<ObjectNode> others, Instant now) {
        Naming naming = new Naming();
        String group = definition.path("spec").path("group").asString("");
        for (ObjectNode other : others) {
            if (other.path("spec").path("group").asString("").equals(group)) {
                naming.claim(other.path("status").path("acceptedNames"));
            }
        }
        return naming.decide(definition, now);
    }

    private void claim(JsonNode names) {
        for (String name : List.of("plural", "singular")) {
            resources.add(names.path(name).asString(""));
        }
        names.path("shortNames").forEach(name -> resources.add(name.asString("")));
        for (String name : List.of("kind", "listKind")) {
            kinds.add(names.path(name).asString(""));
        }
        resources.remove("");
        kinds.remove("");
    }

    private boolean decide(ObjectNode definition, Instant now) {
        ObjectNode before = definition.deepCopy();
        JsonNode wanted = definition.path("spec").path("names");
        ObjectNode accepted =
                definition.withObjectProperty("status").withObjectProperty("acceptedNames");
        name(wanted, accepted, "plural", resources, "PluralConflict");
        name(wanted, accepted, "singular", resources, "SingularConflict");
        shortNames(wanted, accepted);
        name(wanted, accepted, "kind", kinds, "KindConflict");
        name(wanted, accepted, "listKind", kinds, "ListKindConflict");
        if (wanted.has("categories")) {
            accepted.set("categories", wanted.get("categories").deepCopy());
        } else {
            accepted.remove("categories");
        }
        boolean good = reason.isEmpty();
        Conditions.set(
                definition,
                "NamesAccepted",
                good,
                good ? "NoConflicts" : reason,
                good ? "no conflicts found" : message,
                now);
        if (good) {
            Conditions.set(
                    definition,
                    "Established",
                    true,
                    "InitialNamesAccepted",
                    "the initial names have been accepted",
                    now);
        } else if (!Conditions.isTrue(definition, "Established")) {
            Conditions.set(
                    definition,
                    "Established",
                    false,
                    "NotAccepted",
                    "not all names are accepted",
                    now);
        }
        return !Json.same(before, definition);
    }

    private void name(
            JsonNode wanted,
            ObjectNode accepted,
            String field,
            Set<String> taken,
            String conflict) {
        String name = wanted.path(field).asString("");
        if (!name.equals(accepted.path(field).asString("")) && taken.contains(name)) {
            refuse(conflict, "\"" + name + "\" is already in use");
        } else if (!name.isEmpty()) {
            accepted.put(field, name);
        }
    }

    private void shortNames(JsonNode wanted, ObjectNode accepted) {
        Set<String> own = new HashSet<>();
        accepted.path("shortNames").forEach(name -> own.add(name.asString("")));
        List<String> used = new ArrayList<>();
        for (JsonNode name : wanted.path("shortNames")) {
            if (!own.contains(name.asString("")) && resources.contains(name.asString(""))) {
                used.add("\"" + name.asString("") + "\" is already in use");
            }
        }
        if (!used.isEmpty()) {
            refuse(
                    "ShortNamesConflict",
                    used.size() == 1 ? used.getFirst() : "[" + String.join(", ", used) + "]");
        } else if (wanted.has("shortNames")) {
            accepted.set("shortNames", wanted.get("shortNames").deepCopy());
        } else {
            accepted.remove("shortNames");
        }
    }

    /** The last conflict is the one that is told, as upstream does. */
    private void refuse(String conflict, String sentence) {
        reason = conflict;
        message = sentence;
    }
}
