package io.hypernetes.api.custom;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.ScalePaths;
import io.hypernetes.api.json.GoValue;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/**
 * Of custom resources that can be scaled: replicas are whole numbers that a Scale can tell (int32),
 * whatever the schema lets through. Fields and words are those of upstream's {@code
 * registry/customresource}, where a field begins with a dot, as the definition has it.
 */
final class ScaleChecks {
    private ScaleChecks() {}

    /** Whether it is one of these: no other field begins with a dot. */
    static boolean found(FieldError error) {
        return error.field().startsWith(".");
    }

    static List<FieldError> whole(ScalePaths scale, ObjectNode object) {
        List<FieldError> errors = new ArrayList<>();
        replicas(scale.replicas(), object, errors);
        replicas(scale.statusReplicas(), object, errors);
        return errors;
    }

    /** Of an update of the status. */
    static List<FieldError> status(ScalePaths scale, ObjectNode object) {
        List<FieldError> errors = new ArrayList<>();
        replicas(scale.statusReplicas(), object, errors);
        return errors;
    }

    private static void replicas(List<String> path, ObjectNode object, List<FieldError> errors) {
        JsonNode value = object;
        for (int i = 0; i < path.size(); i++) {
            if (!value.isObject()) {
                errors.add(
                        wrongType(path, path.subList(0, i + 1), value, "map[string]interface{}"));
                return;
            }
            value = value.path(path.get(i));
            if (value.isMissingNode() || (value.isNull() && i + 1 < path.size())) {
                return;
            }
        }
        if (path.isEmpty()) {
            return;
        }
        String field = field(path);
        if (!value.isIntegralNumber()) {
            errors.add(wrongType(path, path, value, "int64"));
        } else if (value.asLong() < 0) {
            errors.add(
                    FieldError.invalid(
                            field, value.asString(), "should be a non-negative integer"));
        } else if (value.asLong() > Integer.MAX_VALUE) {
            errors.add(
                    FieldError.invalid(
                            field,
                            value.asString(),
                            "should be less than or equal to " + Integer.MAX_VALUE));
        }
    }

    private static FieldError wrongType(
            List<String> path, List<String> at, JsonNode value, String wanted) {
        return FieldError.invalid(
                field(path),
                "0",
                "%s accessor error: %s is of the type %s, expected %s"
                        .formatted(
                                field(at),
                                GoValue.printed(value),
                                GoValue.typeName(value),
                                wanted));
    }

    private static String field(List<String> path) {
        return "." + String.join(".", path);
    }
}
