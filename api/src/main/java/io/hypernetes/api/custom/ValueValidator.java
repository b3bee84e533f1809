package io.hypernetes.api.custom;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.FieldError.Type;
import io.hypernetes.api.json.Json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Checks a value against a structural schema, with the messages of upstream's validator.
 *
 * <p>An update is forgiven what it did not change (KEP-4008): an error at a value that is what it
 * was before is not told.
 */
final class ValueValidator {
    /** Upstream's name of the path of the object as a whole. */
    static final String WHOLE = "<nil>";

    private final List<FieldError> errors = new ArrayList<>();

    private ValueValidator() {}

    /**
     * @param old the value before an update, where there is one to compare with
     */
    static List<FieldError> validate(Structural schema, JsonNode value, @Nullable JsonNode old) {
        ValueValidator validator = new ValueValidator();
        validator.check(schema, value, old, "");
        return validator.errors;
    }

    private void check(Structural schema, JsonNode value, @Nullable JsonNode old, String path) {
        if (old != null && Json.same(old, value)) {
            return;
        }
        if (value.isNull() && schema.nullable()) {
            return;
        }
        if (schema.intOrString() ? !isIntOrString(value) : !fits(schema.type(), value)) {
            wrongType(path, schema.intOrString() ? "integer,string" : schema.type(), value);
            choice(schema.rules(), value, path);
            return;
        }
        demand(schema.rules(), value, path, true);
        switch (value) {
            case ObjectNode object -> {
                for (Map.Entry<String, JsonNode> entry : object.properties()) {
                    Structural field = schema.field(entry.getKey());
                    if (field != null) {
                        String at = path + "." + entry.getKey();
                        check(field, entry.getValue(), child(old, entry.getKey()), at);
                    }
                }
            }
            case ArrayNode array -> {
                Structural items = schema.items();
                for (int i = 0; items != null && i < array.size(); i++) {
                    JsonNode before = correlated(schema, array.get(i), i, old);
                    check(items, array.get(i), before, path + "[" + i + "]");
                }
            }
            default -> {}
        }
    }

    private static @Nullable JsonNode child(@Nullable JsonNode old, String name) {
        return old == null ? null : old.get(name);
    }

    /** The old item that this one was: only items of a list-map have an identity. */
    private static @Nullable JsonNode correlated(
            Structural schema, JsonNode item, int index, @Nullable JsonNode old) {
        if (old == null || !schema.listType().equals("map")) {
            return null;
        }
        for (JsonNode before : old) {
            if (schema.mapKeys().stream()
                    .allMatch(key -> Json.same(before.path(key), item.path(key)))) {
                return before;
            }
        }
        return null;
    }

    private static boolean isIntOrString(JsonNode value) {
        return value.isString() || isInteger(value);
    }

    private static boolean isInteger(JsonNode value) {
        return value.isIntegralNumber()
                || (value.isNumber() && value.decimalValue().stripTrailingZeros().scale() <= 0);
    }

    private static boolean fits(String type, JsonNode value) {
        return switch (type) {
            case "object" -> value.isObject();
            case "array" -> value.isArray();
            case "string" -> value.isString();
            case "boolean" -> value.isBoolean();
            case "integer" -> isInteger(value);
            case "number" -> value.isNumber();
            default -> true;
        };
    }

    private void wrongType(String path, String wanted, JsonNode value) {
        String type = typeName(value);
        tell(
                path,
                Type.TYPE_INVALID,
                "Invalid value: \""
                        + type
                        + "\": "
                        + inBody(path)
                        + " must be of type "
                        + wanted
                        + ": \""
                        + type
                        + "\"");
    }

    private static String typeName(JsonNode value) {
        return switch (value.getNodeType()) {
            case ARRAY -> "array";
            case BOOLEAN -> "boolean";
            case STRING, BINARY -> "string";
            case NULL, MISSING -> "null";
            case NUMBER -> isInteger(value) ? "integer" : "number";
            case OBJECT, POJO -> "object";
        };
    }

    // What is demanded beyond the shape.

    /**
     * @param shaped the value's own shape has been or will be checked: types, items and fields are
     *     not looked at again
     */
    private void demand(ValueRules rules, JsonNode value, String path, boolean shaped) {
        if (!shaped && !fits(rules.type(), value)) {
            wrongType(path, rules.type(), value);
            return;
        }
        choice(rules, value, path);
        switch (value) {
            case ObjectNode object -> object(rules, object, path);
            case ArrayNode array -> array(rules, array, path);
            case JsonNode text when text.isString() -> text(rules, text.stringValue(), path);
            case JsonNode number when number.isNumber() -> number(rules, number, path);
            default -> {}
        }
        if (!shaped) {
            below(rules, value, path);
        }
        junctors(rules, value, path);
    }

    private void choice(ValueRules rules, JsonNode value, String path) {
        if (!rules.choices().isEmpty()
                && rules.choices().stream().noneMatch(choice -> Json.same(choice, value))) {
            tell(path, Type.NOT_SUPPORTED, unsupported(rules, value));
        }
    }

    private void below(ValueRules rules, JsonNode value, String path) {
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                ValueRules field = rules.properties().get(entry.getKey());
                if (field == null) {
                    field = rules.additional();
                }
                if (field != null) {
                    demand(field, entry.getValue(), path + "." + entry.getKey(), false);
                }
            }
        } else if (value instanceof ArrayNode array) {
            ValueRules items = rules.items();
            for (int i = 0; items != null && i < array.size(); i++) {
                demand(items, array.get(i), path + "[" + i + "]", false);
            }
        }
    }

    private void object(ValueRules rules, ObjectNode object, String path) {
        for (String name : rules.required()) {
            if (!object.has(name)) {
                tell(path + "." + name, Type.REQUIRED, "Required value");
            }
        }
        int size = object.size();
        if (rules.minProperties() != null && size < rules.minProperties()) {
            invalid(
                    path,
                    Integer.toString(size),
                    "should have at least " + rules.minProperties() + " properties");
        }
        tooMany(rules.maxProperties(), size, path);
        if (rules.closed()) {
            for (String name : object.propertyNames()) {
                if (!rules.properties().containsKey(name)) {
                    invalid(path + "." + name, "\"\"", "is a forbidden property");
                }
            }
        }
    }

    private void array(ValueRules rules, ArrayNode array, String path) {
        int size = array.size();
        if (rules.minItems() != null && size < rules.minItems()) {
            invalid(
                    path,
                    Integer.toString(size),
                    "should have at least " + rules.minItems() + " items");
        }
        tooMany(rules.maxItems(), size, path);
    }

    private void tooMany(@Nullable Long most, int size, String path) {
        if (most != null && size > most) {
            String sentence = "Too many: " + size + ": must have at most " + most + " items";
            tell(path, Type.TOO_MANY, sentence);
        }
    }

    private void text(ValueRules rules, String text, String path) {
        form(rules, text, path);
        if (!Formats.accepts(rules.format(), text)) {
            String shown = FieldError.quoted(text);
            tell(
                    path,
                    Type.TYPE_INVALID,
                    "Invalid value: "
                            + shown
                            + ": "
                            + inBody(path)
                            + " must be of type "
                            + rules.format()
                            + ": "
                            + shown);
        }
    }

    /** Of these, the first that is wrong is told. */
    private void form(ValueRules rules, String text, String path) {
        int length = text.codePointCount(0, text.length());
        Long most = rules.maxLength();
        if (most != null && length > most) {
            errors.add(FieldError.tooLong(path.isEmpty() ? WHOLE : field(path), most));
        } else if (rules.minLength() != null && length < rules.minLength()) {
            invalid(
                    path,
                    FieldError.quoted(text),
                    "should be at least " + rules.minLength() + " chars long");
        } else if (rules.pattern() != null && !rules.pattern().matcher(text).find()) {
            invalid(
                    path,
                    FieldError.quoted(text),
                    "should match '" + rules.pattern().pattern() + "'");
        }
    }

    private void number(ValueRules rules, JsonNode node, String path) {
        BigDecimal number = node.decimalValue();
        String shown = number.stripTrailingZeros().toPlainString();
        if (rules.minimum() != null) {
            int order = number.compareTo(rules.minimum());
            if (order < 0 || (order == 0 && rules.exclusiveMinimum())) {
                String bound = rules.minimum().toPlainString();
                String more =
                        rules.exclusiveMinimum() ? "greater than " : "greater than or equal to ";
                invalid(path, shown, "should be " + more + bound);
            }
        }
        if (rules.maximum() != null) {
            int order = number.compareTo(rules.maximum());
            if (order > 0 || (order == 0 && rules.exclusiveMaximum())) {
                String bound = rules.maximum().toPlainString();
                String less = rules.exclusiveMaximum() ? "less than " : "less than or equal to ";
                invalid(path, shown, "should be " + less + bound);
            }
        }
        BigDecimal step = rules.multipleOf();
        if (step != null && step.signum() != 0 && number.remainder(step).signum() != 0) {
            invalid(path, shown, "should be a multiple of " + step.toPlainString());
        }
        if (!Formats.accepts(rules.format(), node)) {
            invalid(path, shown, "must be of type " + rules.format() + ": " + shown);
        }
    }

    private void junctors(ValueRules rules, JsonNode value, String path) {
        if (!rules.anyOf().isEmpty() && rules.anyOf().stream().noneMatch(r -> holds(r, value))) {
            composite(path, "must validate at least one schema (anyOf)");
            closest(rules.anyOf(), value, path);
        }
        if (!rules.oneOf().isEmpty()) {
            long valid = rules.oneOf().stream().filter(r -> holds(r, value)).count();
            if (valid == 0) {
                composite(path, "must validate one and only one schema (oneOf). Found none valid");
                closest(rules.oneOf(), value, path);
            } else if (valid > 1) {
                composite(
                        path,
                        "must validate one and only one schema (oneOf). Found "
                                + valid
                                + " valid alternatives");
            }
        }
        boolean all = true;
        for (ValueRules one : rules.allOf()) {
            int before = errors.size();
            demand(one, value, path, false);
            all &= errors.size() == before;
        }
        if (!all) {
            composite(path, "must validate all the schemas (allOf)");
        }
        ValueRules not = rules.not();
        if (not != null && holds(not, value)) {
            composite(path, "must not validate the schema (not)");
        }
    }

    /** What the alternative lacks that lacks least. */
    private void closest(List<ValueRules> alternatives, JsonNode value, String path) {
        List<FieldError> best = List.of();
        for (ValueRules rules : alternatives) {
            ValueValidator trial = new ValueValidator();
            trial.demand(rules, value, path, false);
            if (best.isEmpty() || trial.errors.size() < best.size()) {
                best = trial.errors;
            }
        }
        errors.addAll(best);
    }

    private static boolean holds(ValueRules rules, JsonNode value) {
        ValueValidator trial = new ValueValidator();
        trial.demand(rules, value, "", false);
        return trial.errors.isEmpty();
    }

    // Words.

    private void composite(String path, String sentence) {
        String name = "\"" + field(path) + "\"";
        // Upstream knows no field of it.
        tell("", Type.INVALID, "Invalid value: \"\": " + name + " " + sentence);
    }

    private static String unsupported(ValueRules rules, JsonNode value) {
        List<String> shown =
                rules.choices().stream()
                        .map(c -> FieldError.quoted(c.isString() ? c.stringValue() : Json.text(c)))
                        .toList();
        return "Unsupported value: "
                + (value.isString() ? FieldError.quoted(value.stringValue()) : Json.text(value))
                + ": supported values: "
                + String.join(", ", shown);
    }

    private void invalid(String path, String shown, String sentence) {
        tell(path, Type.INVALID, "Invalid value: " + shown + ": " + inBody(path) + " " + sentence);
    }

    private void tell(String path, Type type, String message) {
        errors.add(new FieldError(path.isEmpty() ? WHOLE : field(path), type, message));
    }

    private static String inBody(String path) {
        return field(path) + " in body";
    }

    /** Paths begin with a dot while they grow. */
    private static String field(String path) {
        return path.startsWith(".") ? path.substring(1) : path;
    }
}
