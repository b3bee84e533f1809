package io.hypernetes.api.types.certificates;

import io.hypernetes.api.types.kind.Field;

import tools.jackson.databind.JsonNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What conditions a signing request may have, and how they may change. */
final class ConditionRules {

    private static final List<String> FINAL = List.of("Approved", "Denied", "Failed");

    private ConditionRules() {}

    static void check(Field conditions) {
        Set<String> seen = new HashSet<>();
        for (Field condition : conditions.items()) {
            Field type = condition.at("type");
            Field status = condition.at("status");
            type.required();
            if (!status.isGiven()) {
                status.tellRequired("");
            } else if (FINAL.contains(type.text())) {
                status.oneOf("True");
            } else {
                status.oneOf("False", "True", "Unknown");
            }
            if (type.is("Approved") && seen.contains("Denied")
                    || type.is("Denied") && seen.contains("Approved")) {
                type.invalid("Approved and Denied conditions are mutually exclusive");
            }
            if (!seen.add(type.text())) {
                type.duplicate(type.text());
            }
        }
    }

    static void noneRemoved(Field request, Field old) {
        for (String type : FINAL) {
            if (of(request, type).size() < of(old, type).size()) {
                conditions(request)
                        .forbidden("updates may not remove a condition of type \"" + type + "\"");
            }
        }
    }

    /** Only {@code approval} gives a verdict. */
    static void verdictsStay(Field request, Field old) {
        for (String type : List.of("Approved", "Denied")) {
            List<JsonNode> now = of(request, type);
            List<JsonNode> before = of(old, type);
            if (now.size() > before.size()) {
                conditions(request)
                        .forbidden("updates may not add a condition of type \"" + type + "\"");
            } else if (now.size() == before.size() && !now.equals(before)) {
                conditions(request)
                        .forbidden("updates may not modify a condition of type \"" + type + "\"");
            }
        }
    }

    private static Field conditions(Field request) {
        return request.at("status", "conditions");
    }

    private static List<JsonNode> of(Field request, String type) {
        return conditions(request).items().stream()
                .filter(condition -> condition.at("type").is(type))
                .map(Field::value)
                .toList();
    }
}
