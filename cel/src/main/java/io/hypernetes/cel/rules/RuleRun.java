package io.hypernetes.cel.rules;

import io.hypernetes.api.FieldError;
import io.hypernetes.cel.Limits;
import io.hypernetes.cel.evaluation.Result;
import io.hypernetes.cel.evaluation.Variables;
import io.hypernetes.cel.value.JsonValues;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** One validation of one object: what is left of the budget, and the errors so far. */
final class RuleRun {
    /** Upstream's name for the path of the object as a whole. */
    static final String WHOLE = "<nil>";

    private static final String OUT_OF_BUDGET =
            "validation failed due to running out of cost budget, no further validation rules will"
                    + " be run";

    private final Consumer<String> warnings;
    private final List<FieldError> errors = new ArrayList<>();
    private long budget = Limits.PER_OBJECT;

    /** Ends everything: the budget is gone. */
    private static final class Exhausted extends RuntimeException {
        private static final long serialVersionUID = 1;

        Exhausted() {
            super("out of budget", null, false, false);
        }
    }

    RuleRun(Consumer<String> warnings) {
        this.warnings = warnings;
    }

    List<FieldError> run(RuleNode root, JsonNode object, Optional<ObjectNode> old) {
        try {
            visit(root, "", object, old.orElse(null), false);
        } catch (Exhausted e) {
            // Its error is in the list.
        }
        return errors;
    }

    /**
     * @param old the value's former state, where it can be told which that is
     * @param unchanged something around the value is as it was
     */
    private void visit(
            RuleNode node, String path, JsonNode value, @Nullable JsonNode old, boolean unchanged) {
        if (value.isNull()) {
            return;
        }
        if (!node.rules().isEmpty()) {
            evaluate(node, path, value, old, unchanged);
        }
        for (RuleNode branch : node.allOf()) {
            visit(branch, path, value, old, unchanged);
        }
        boolean same = unchanged || old != null && old.equals(value);
        switch (value) {
            case ArrayNode array -> {
                if (node.items().isPresent()) {
                    for (int i = 0; i < array.size(); i++) {
                        visit(
                                node.items().get(),
                                path + "[" + i + "]",
                                array.get(i),
                                formerItem(node.mapKeys(), array.get(i), old),
                                same);
                    }
                }
            }
            case ObjectNode object -> visitFields(node, path, object, old, same);
            default -> {}
        }
    }

    private void visitFields(
            RuleNode node, String path, ObjectNode object, @Nullable JsonNode old, boolean same) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            @Nullable JsonNode former = old == null ? null : old.get(field.getKey());
            if (node.items().isPresent()) {
                visit(
                        node.items().get(),
                        path + "[" + field.getKey() + "]",
                        field.getValue(),
                        former,
                        same);
            }
            RuleNode property = node.properties().get(field.getKey());
            if (property != null) {
                String child = path.isEmpty() ? field.getKey() : path + "." + field.getKey();
                visit(property, child, field.getValue(), former, same);
            }
        }
    }

    /** The item of the old list with the same keys. */
    private static @Nullable JsonNode formerItem(
            List<String> keys, JsonNode item, @Nullable JsonNode old) {
        if (keys.isEmpty() || !(old instanceof ArrayNode list)) {
            return null;
        }
        for (JsonNode candidate : list) {
            if (keys.stream().allMatch(key -> candidate.path(key).equals(item.path(key)))) {
                return candidate;
            }
        }
        return null;
    }

    private void evaluate(
            RuleNode node, String path, JsonNode value, @Nullable JsonNode old, boolean unchanged) {
        @Nullable JsonNode former = old == null || old.isNull() ? null : old;
        boolean ratchets = former != null ? former.equals(value) : unchanged;
        Variables plain = variables(node, value, former, false);
        Variables optional = variables(node, value, former, true);
        for (Rule rule : node.rules()) {
            if (!rule.error().isEmpty()) {
                invalid(node, path, "rule compile error: " + rule.error());
                continue;
            }
            if (rule.expression().isEmpty()
                    || rule.usesOldSelf() && former == null && !rule.optionalOldSelf()) {
                continue;
            }
            Variables variables = rule.optionalOldSelf() ? optional : plain;
            if (budget <= 0) {
                throw exhausted(node, path, OUT_OF_BUDGET);
            }
            Result result = rule.expression().get().evaluate(variables, Limits.PER_CALL);
            charge(node, path, result.cost());
            switch (result) {
                case Result.Value(Object answer, _) -> {
                    if (!Boolean.TRUE.equals(answer)) {
                        violated(node, rule, path, value, variables, ratchets);
                    }
                }
                case Result.Failure failure -> failed(node, rule, path, failure);
            }
        }
    }

    private static Variables variables(
            RuleNode node, JsonNode value, @Nullable JsonNode old, boolean optional) {
        return name ->
                switch (name) {
                    case Rule.SELF -> JsonValues.of(value, node.type());
                    case Rule.OLD_SELF -> {
                        @Nullable Object former =
                                old == null ? null : JsonValues.of(old, node.type());
                        yield optional ? Optional.ofNullable(former) : former;
                    }
                    default -> null;
                };
    }

    private void charge(RuleNode node, String path, long cost) {
        if (cost > budget) {
            throw exhausted(node, path, OUT_OF_BUDGET);
        }
        budget -= cost;
    }

    private void failed(RuleNode node, Rule rule, String path, Result.Failure failure) {
        if (failure.limitExceeded()) {
            throw exhausted(
                    node,
                    path,
                    "'"
                            + failure.message()
                            + "': no further validation rules will be run due to call cost exceeds"
                            + " limit for rule: "
                            + rule.shown());
        }
        invalid(
                node,
                path,
                failure.message().startsWith("no such overload")
                        ? "'"
                                + failure.message()
                                + "': call arguments did not match a supported operator, function"
                                + " or macro signature for rule: "
                                + rule.shown()
                        : failure.message() + " evaluating rule: " + rule.shown());
    }

    private Exhausted exhausted(RuleNode node, String path, String detail) {
        invalid(node, path, detail);
        return new Exhausted();
    }

    private void invalid(RuleNode node, String path, String detail) {
        errors.add(
                FieldError.invalid(
                        path.isEmpty() ? WHOLE : path,
                        FieldError.quoted(node.schemaType()),
                        detail));
    }

    private void violated(
            RuleNode node,
            Rule rule,
            String path,
            JsonNode value,
            Variables variables,
            boolean ratchets) {
        String detail = message(node, rule, path, variables).orElseGet(rule::failure);
        String at = path + (path.isEmpty() ? withoutDot(rule.path()) : rule.path());
        FieldError error = error(at.isEmpty() ? WHOLE : at, value, detail, rule);
        if (ratchets && !rule.usesOldSelf()) {
            warnings.accept(error.toString());
        } else {
            errors.add(error);
        }
    }

    private static String withoutDot(String path) {
        return path.startsWith(".") ? path.substring(1) : path;
    }

    private static FieldError error(String path, JsonNode value, String detail, Rule rule) {
        String shown = value.isContainer() ? "" : value.toString();
        return switch (rule.reason().orElse(FieldError.Type.INVALID)) {
            case FORBIDDEN -> FieldError.forbidden(path, detail);
            case REQUIRED -> FieldError.required(path, detail);
            case DUPLICATE ->
                    new FieldError(
                            path,
                            FieldError.Type.DUPLICATE,
                            shown.isEmpty() ? "Duplicate value" : "Duplicate value: " + shown);
            default ->
                    shown.isEmpty()
                            ? new FieldError(
                                    path, FieldError.Type.INVALID, "Invalid value: " + detail)
                            : FieldError.invalid(path, shown, detail);
        };
    }

    /** The evaluated message; empty when there is none, or none that could be shown. */
    private Optional<String> message(RuleNode node, Rule rule, String path, Variables variables) {
        if (rule.messageExpression().isEmpty()) {
            return Optional.empty();
        }
        Result result = rule.messageExpression().get().evaluate(variables, Limits.PER_CALL);
        if (result.cost() > budget) {
            throw exhausted(
                    node,
                    path,
                    "messageExpression evaluation failed due to running out of cost budget, no"
                            + " further validation rules will be run");
        }
        if (result instanceof Result.Failure failure && failure.limitExceeded()) {
            throw exhausted(
                    node,
                    path,
                    "no further validation rules will be run due to call cost exceeds limit for"
                            + " messageExpression: "
                            + FieldError.quoted(rule.messageText()));
        }
        budget -= result.cost();
        return result instanceof Result.Value(Object text, _) && text instanceof String message
                ? Messages.usable(message)
                : Optional.empty();
    }

    /** Evaluated messages that are empty, too long or of several lines are not shown. */
    private static final class Messages {
        static Optional<String> usable(String message) {
            String text = message.strip();
            return text.isEmpty()
                            || text.contains("\n")
                            || text.getBytes(StandardCharsets.UTF_8).length > Limits.MESSAGE_BYTES
                    ? Optional.empty()
                    : Optional.of(text);
        }
    }
}
