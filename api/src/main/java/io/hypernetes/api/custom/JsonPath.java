package io.hypernetes.api.custom;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/**
 * The part of kubectl's JSONPath that printer columns use: {@code .spec.items[0].name}, {@code
 * .metadata.annotations['a\.b']}, {@code .items[*].x}, {@code
 * .status.conditions[?(@.type=="Ready")].status}.
 */
final class JsonPath {

    /** One step from a value to those below it. */
    private sealed interface Step {
        record Field(String name) implements Step {}

        record Index(int index) implements Step {}

        record Every() implements Step {}

        record Where(List<Step> path, String operator, String text) implements Step {}
    }

    private static final int LONGEST = 1024;

    private final List<Step> steps;

    private JsonPath(List<Step> steps) {
        this.steps = steps;
    }

    /**
     * @throws IllegalArgumentException that says what is wrong
     */
    static JsonPath parse(String text) {
        if (text.length() > LONGEST) {
            throw new IllegalArgumentException("must be at most " + LONGEST + " characters long");
        }
        return new JsonPath(new Parser(text).steps());
    }

    /** What it leads to, in order; nothing where a field is missing. */
    List<JsonNode> select(JsonNode root) {
        return select(steps, List.of(root));
    }

    private static List<JsonNode> select(List<Step> steps, List<JsonNode> from) {
        List<JsonNode> current = from;
        for (Step step : steps) {
            List<JsonNode> next = new ArrayList<>();
            current.forEach(node -> follow(step, node, next));
            current = next;
        }
        return current;
    }

    private static void follow(Step step, JsonNode node, List<JsonNode> into) {
        switch (step) {
            case Step.Field(String name) -> {
                if (node.has(name)) {
                    into.add(node.get(name));
                }
            }
            case Step.Index(int index) -> {
                int at = index < 0 && node.isArray() ? node.size() + index : index;
                if (node.has(at)) {
                    into.add(node.get(at));
                }
            }
            case Step.Every() -> node.forEach(into::add);
            case Step.Where where ->
                    node.forEach(item -> {
                        if (matches(where, item)) {
                            into.add(item);
                        }
                    });
        }
    }

    private static boolean matches(Step.Where where, JsonNode item) {
        List<JsonNode> found = select(where.path(), List.of(item));
        if (where.operator().isEmpty()) {
            return !found.isEmpty();
        }
        boolean same = !found.isEmpty() && found.getFirst().asString("").equals(where.text());
        return where.operator().equals("==") ? same : !found.isEmpty() && !same;
    }

    /** Reads a path from left to right. */
    private static final class Parser {
        private final String text;
        private int at;

        Parser(String text) {
            this.text = text;
        }

        List<Step> steps() {
            List<Step> steps = new ArrayList<>();
            if (!text.isEmpty() && text.charAt(0) != '.' && text.charAt(0) != '[') {
                throw wrong("must begin with '.'");
            }
            while (at < text.length()) {
                steps.add(step());
            }
            return List.copyOf(steps);
        }

        private Step step() {
            char c = text.charAt(at++);
            if (c == '[') {
                return bracket();
            }
            if (c != '.') {
                throw wrong("unexpected character '" + c + "'");
            }
            if (at < text.length() && text.charAt(at) == '[') {
                at++;
                return bracket();
            }
            if (at < text.length() && text.charAt(at) == '*') {
                at++;
                return new Step.Every();
            }
            return new Step.Field(name());
        }

        private String name() {
            StringBuilder name = new StringBuilder();
            while (at < text.length() && ".[".indexOf(text.charAt(at)) < 0) {
                char c = text.charAt(at++);
                if (c == '\\' && at < text.length()) {
                    c = text.charAt(at++);
                }
                name.append(c);
            }
            if (name.isEmpty()) {
                throw wrong("a name is missing");
            }
            if (name.chars().anyMatch(c -> "(){}'\"]=<>?@ ".indexOf(c) >= 0)) {
                throw wrong("unexpected character in '" + name + "'");
            }
            return name.toString();
        }

        private Step bracket() {
            int end = closing();
            String inside = text.substring(at, end).strip();
            at = end + 1;
            if (inside.equals("*")) {
                return new Step.Every();
            }
            if (inside.startsWith("?(") && inside.endsWith(")")) {
                return where(inside.substring(2, inside.length() - 1).strip());
            }
            if (inside.length() >= 2 && isQuoted(inside)) {
                return new Step.Field(unquoted(inside));
            }
            if (inside.matches("-?[0-9]{1,9}")) {
                return new Step.Index(Integer.parseInt(inside));
            }
            throw wrong("invalid array index '" + inside + "'");
        }

        private Step where(String condition) {
            for (String operator : List.of("==", "!=")) {
                int middle = condition.indexOf(operator);
                if (middle >= 0) {
                    String value = condition.substring(middle + 2).strip();
                    return new Step.Where(
                            below(condition.substring(0, middle).strip()),
                            operator,
                            isQuoted(value) ? unquoted(value) : value);
                }
            }
            return new Step.Where(below(condition), "", "");
        }

        private List<Step> below(String path) {
            if (!path.startsWith("@")) {
                throw wrong("a filter is about '@'");
            }
            return new Parser(path.substring(1)).steps();
        }

        /** The bracket that ends this one: quotes and brackets may stand inside. */
        private int closing() {
            char quote = 0;
            int depth = 0;
            for (int i = at; i < text.length(); i++) {
                char c = text.charAt(i);
                if (quote != 0) {
                    quote = c == quote ? 0 : quote;
                } else if (c == '\'' || c == '"') {
                    quote = c;
                } else if (c == '[') {
                    depth++;
                } else if (c == ']' && depth-- == 0) {
                    return i;
                }
            }
            throw wrong("unterminated array");
        }

        private static boolean isQuoted(String value) {
            return value.length() >= 2
                    && (value.charAt(0) == '\'' || value.charAt(0) == '"')
                    && value.charAt(value.length() - 1) == value.charAt(0);
        }

        private static String unquoted(String value) {
            return value.substring(1, value.length() - 1).replace("\\.", ".");
        }

        private IllegalArgumentException wrong(String what) {
            return new IllegalArgumentException(what + " in JSONPath " + text);
        }
    }
}
