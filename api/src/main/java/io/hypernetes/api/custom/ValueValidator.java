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

    private static final BigDecimal LARGEST_WHOLE = BigDecimal.valueOf((1L << 53) - 1);

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
        if (schema.intOrString()) {
            if (!isIntOrString(value)) {
                wrongType(path, "integer,string", value);
                choice(schema.rules(), value, path);
                return;
            }
        } else if (!fits(schema.type(), value)) {
            wrongType(path, schema.type(), schema.rules().format(), value);
            if (value.isNumber()) {
                number(schema.rules(), value, path);
            }
            choice(schema.rules(), value, path);
            return;
        }
        demand(schema.rules(), value, path, () -> fields(schema, value, old, path));
    }

    /** What is inside, by its own schemas. */
    private void fields(Structural schema, JsonNode value, @Nullable JsonNode old, String path) {
        if (value instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> entry : object.properties()) {
                Structural field = schema.field(entry.getKey());
                if (field != null) {
                    String at = path + "." + entry.getKey();
                    check(field, entry.getValue(), child(old, entry.getKey()), at);
                }
            }
        } else if (value instanceof ArrayNode array) {
            Structural items = schema.items();
            for (int i = 0; items != null && i < array.size(); i++) {
                JsonNode before = correlated(schema, array.get(i), i, old);
                check(items, array.get(i), before, path + "[" + i + "]");
            }
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

    /** What Go reads as an int64, or as a float64 that is exactly a whole number. */
    private static boolean isInteger(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value.canConvertToLong();
        }
        if (!value.isNumber()) {
            return false;
        }
        BigDecimal number = value.decimalValue().stripTrailingZeros();
        return number.scale() <= 0 && number.abs().compareTo(LARGEST_WHOLE) <= 0;
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

    /** A format says more than its type, which upstream tells of texts and lists alone. */
    private void wrongType(String path, String type, String format, JsonNode value) {
        boolean byType = value.isString() || value.isArray() || value.isNull();
        if (byType || !Formats.knows(type, format)) {
            wrongType(path, type, value);
        } else {
            String found =
                    value.isNumber()
                            ? (value.isIntegralNumber() && value.canConvertToLong()
                                    ? "int64"
                                    : "float64")
                            : "";
            wrongType(path, format, found);
        }
    }

    private void wrongType(String path, String wanted, JsonNode value) {
        wrongType(path, wanted, typeName(value));
    }

    private void wrongType(String path, String wanted, String type) {
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

    /** Of a value that is given no shape of its own, as under {@code anyOf}. */
    private void demand(ValueRules rules, JsonNode value, String path) {
        if (!fits(rules.type(), value)) {
            wrongType(path, rules.type(), value);
            return;
        }
        demand(rules, value, path, () -> below(rules, value, path));
    }

    /**
     * In upstream's order.
     *
     * @param inside checks fields and items
     */
    private void demand(ValueRules rules, JsonNode value, String path, Runnable inside) {
        junctors(rules, value, path);
        switch (value) {
            case ObjectNode object -> {
                choice(rules, value, path);
                object(rules, object, path, inside);
            }
            case ArrayNode array -> {
                inside.run();
                array(rules, array, path);
                choice(rules, value, path);
            }
            case JsonNode text when text.isString() -> {
                text(rules, text.stringValue(), path);
                choice(rules, value, path);
            }
            case JsonNode number when number.isNumber() -> {
                number(rules, number, path);
                choice(rules, value, path);
            }
            default -> choice(rules, value, path);
        }
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
                    demand(field, entry.getValue(), path + "." + entry.getKey());
                }
            }
        } else if (value instanceof ArrayNode array) {
            ValueRules items = rules.items();
            for (int i = 0; items != null && i < array.size(); i++) {
                demand(items, array.get(i), path + "[" + i + "]");
            }
        }
    }

    private void object(ValueRules rules, ObjectNode object, String path, Runnable inside) {
        int size = object.size();
        if (rules.minProperties() != null && size < rules.minProperties()) {
            invalid(
                    path,
                    Integer.toString(size),
                    "should have at least " + rules.minProperties() + " properties");
            return;
        }
        if (tooMany(rules.maxProperties(), size, path)) {
            return;
        }
        if (rules.closed()) {
            for (String name : object.propertyNames()) {
                if (!rules.properties().containsKey(name)) {
                    invalid(path + "." + name, "\"\"", "is a forbidden property");
                }
            }
        }
        inside.run();
        for (String name : rules.required()) {
            if (!object.has(name)) {
                tell(path + "." + name, Type.REQUIRED, "Required value");
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

    private boolean tooMany(@Nullable Long most, int size, String path) {
        if (most == null || size <= most) {
            return false;
        }
        tell(path, Type.TOO_MANY, "Too many: " + size + ": must have at most " + most + " items");
        return true;
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
        range(rules, node, path);
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
    }

    /** Whether the type can tell such a number. Upstream knows no field of it. */
    private void range(ValueRules rules, JsonNode node, String path) {
        boolean told =
                switch (rules.type()) {
                    case "integer" ->
                            isInteger(node) && Formats.holds(rules.format(), node.decimalValue());
                    case "number" ->
                            !rules.format().equals("float")
                                    || Float.isFinite(node.decimalValue().floatValue());
                    default -> true;
                };
        if (!told) {
            String format =
                    Formats.knows(rules.type(), rules.format())
                            ? "with format " + rules.format()
                            : "(default format)";
            tell(
                    "",
                    Type.INVALID,
                    "Invalid value: \"\": Checked value must be of type %s %s in %s"
                            .formatted(rules.type(), format, field(path)));
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
            demand(one, value, path);
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
            trial.demand(rules, value, path);
            if (best.isEmpty() || trial.errors.size() < best.size()) {
                best = trial.errors;
            }
        }
        errors.addAll(best);
    }

    private static boolean holds(ValueRules rules, JsonNode value) {
        ValueValidator trial = new ValueValidator();
        trial.demand(rules, value, "");
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
