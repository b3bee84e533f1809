package io.hypernetes.api.custom;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/**
 * A path from a schema to one of the fields below it, {@code .spec.names['a.b']}: where a rule
 * tells its violation, and what field selectors may ask for.
 *
 * @param names of the fields and keys on the way
 * @param schema of the field
 */
record FieldPath(List<String> names, JsonNode schema) {

    /**
     * @param brackets names may stand in brackets
     * @throws IllegalArgumentException that says in upstream's words what is wrong
     */
    static FieldPath of(String text, JsonNode schema, boolean brackets) {
        List<String> tokens = tokens(text);
        List<String> names = new ArrayList<>();
        JsonNode found = schema;
        int at = 0;
        while (at < tokens.size()) {
            String token = tokens.get(at++);
            String name;
            if (token.equals(".")) {
                name = next(tokens, at++);
            } else if (token.equals("[")) {
                if (!brackets) {
                    throw new IllegalArgumentException("array notation is not allowed");
                }
                name = quoted(next(tokens, at++));
                String end = next(tokens, at++);
                if (!end.equals("]")) {
                    throw new IllegalArgumentException("expected ] but got " + end);
                }
            } else {
                throw new IllegalArgumentException("expected [ or . but got: " + token);
            }
            found = below(found, name);
            names.add(name);
        }
        return new FieldPath(names, found);
    }

    private static String next(List<String> tokens, int at) {
        if (at >= tokens.size()) {
            throw new IllegalArgumentException("unexpected end of JSON path");
        }
        return tokens.get(at);
    }

    private static JsonNode below(JsonNode schema, String name) {
        JsonNode found =
                schema.path("properties").isEmpty()
                        ? schema.path("additionalProperties")
                        : schema.path("properties").path(name);
        if (!found.isObject()) {
            throw new IllegalArgumentException("does not refer to a valid field");
        }
        return found;
    }

    private static String quoted(String token) {
        if (token.length() < 2 || !token.startsWith("'") || !token.endsWith("'")) {
            throw new IllegalArgumentException("expected single quoted string but got " + token);
        }
        return token.substring(1, token.length() - 1).replace("\\'", "'").replace("\\\\", "\\");
    }

    /** The marks {@code .}, {@code [} and {@code ]}, and what stands between them. */
    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        int start = 0;
        while (start < text.length()) {
            int end = start + 1;
            if (text.charAt(start) == '\'') {
                while (end < text.length()
                        && (text.charAt(end) != '\'' || text.charAt(end - 1) == '\\')) {
                    end++;
                }
                end = Math.min(end + 1, text.length());
            } else if (".[]".indexOf(text.charAt(start)) < 0) {
                while (end < text.length() && ".[]".indexOf(text.charAt(end)) < 0) {
                    end++;
                }
            }
            tokens.add(text.substring(start, end));
            start = end;
        }
        return tokens;
    }
}
