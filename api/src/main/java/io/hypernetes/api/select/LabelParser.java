package io.hypernetes.api.select;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.select.Requirement.Operator;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * The query form of label selectors, read by recursive descent: requirements parted by commas, each
 * {@code key}, {@code !key}, {@code key OP value} or {@code key in|notin (value,…)}.
 */
final class LabelParser {

    private static final String SYMBOLS = "=!(),><";
    private static final Set<String> OPERATORS =
            Set.of(")", ",", "!", "==", "=", ">", "<", "!=", "(");

    /** The last token is the empty text. */
    private final List<String> tokens;

    private int next;

    LabelParser(String text) {
        tokens = tokens(text);
    }

    List<Requirement> parse() {
        List<Requirement> requirements = new ArrayList<>();
        while (!peek().isEmpty()) {
            if (!isIdentifier(peek()) && !peek().equals("!")) {
                throw found(peek(), "expected: !, identifier, or 'end of string'");
            }
            try {
                requirements.add(requirement());
            } catch (ApiException e) {
                throw ApiException.badRequest(
                        "unable to parse requirement: " + e.status().message());
            }
            String separator = take();
            if (separator.isEmpty()) {
                break;
            }
            if (!separator.equals(",")) {
                throw found(separator, "expected: ',' or 'end of string'");
            }
            if (!isIdentifier(peek()) && !peek().equals("!")) {
                throw found(peek(), "expected: identifier after ','");
            }
        }
        return requirements;
    }

    private Requirement requirement() {
        boolean negated = peek().equals("!");
        if (negated) {
            take();
        }
        String key = take();
        if (!isIdentifier(key)) {
            throw found(key, "expected: identifier");
        }
        List<String> errors = Names.qualifiedName(key);
        if (!errors.isEmpty()) {
            throw Requirement.invalid("<nil>", key, String.join("; ", errors));
        }
        if (negated) {
            return Requirement.checked(key, Operator.DOES_NOT_EXIST, List.of());
        }
        if (peek().isEmpty() || peek().equals(",")) {
            return Requirement.checked(key, Operator.EXISTS, List.of());
        }
        Operator operator = operator();
        List<String> values =
                operator == Operator.IN || operator == Operator.NOT_IN
                        ? values()
                        : List.of(exactValue());
        return Requirement.checked(key, operator, values);
    }

    private Operator operator() {
        String token = take();
        return switch (token) {
            case "in" -> Operator.IN;
            case "notin" -> Operator.NOT_IN;
            case "=", "==" -> Operator.EQUALS;
            case "!=" -> Operator.NOT_EQUALS;
            case ">" -> Operator.GREATER_THAN;
            case "<" -> Operator.LESS_THAN;
            default -> throw found(token, "expected: in, notin, =, ==, !=, gt, lt");
        };
    }

    private String exactValue() {
        if (peek().isEmpty() || peek().equals(",")) {
            return "";
        }
        String value = take();
        if (!isIdentifier(value)) {
            throw found(value, "expected: identifier");
        }
        return value;
    }

    /** In brackets, parted by commas; a missing value is the empty text. */
    private List<String> values() {
        String open = take();
        if (!open.equals("(")) {
            throw ApiException.badRequest("found '" + open + "' expected: '('");
        }
        Set<String> values = new TreeSet<>();
        while (true) {
            if (isIdentifier(peek())) {
                values.add(take());
            } else {
                values.add("");
            }
            String separator = take();
            if (separator.equals(")")) {
                return List.copyOf(values);
            }
            if (!separator.equals(",")) {
                throw found(separator, "expected: ',' or ')'");
            }
        }
    }

    private String peek() {
        return tokens.get(next);
    }

    /** The last, empty token can be taken again and again. */
    private String take() {
        return tokens.get(next < tokens.size() - 1 ? next++ : next);
    }

    private static boolean isIdentifier(String token) {
        return !token.isEmpty() && SYMBOLS.indexOf(token.charAt(0)) < 0;
    }

    private static ApiException found(String token, String expected) {
        return ApiException.badRequest("found '" + token + "', " + expected);
    }

    private static List<String> tokens(String text) {
        List<String> tokens = new ArrayList<>();
        int at = 0;
        while (at < text.length()) {
            int start = at;
            if (isSpace(text.charAt(at))) {
                at++;
                continue;
            }
            if (SYMBOLS.indexOf(text.charAt(at)) >= 0) {
                boolean two =
                        OPERATORS.contains(text.substring(at, Math.min(at + 2, text.length())));
                at += two ? Math.min(2, text.length() - at) : 1;
            } else {
                while (at < text.length()
                        && !isSpace(text.charAt(at))
                        && SYMBOLS.indexOf(text.charAt(at)) < 0) {
                    at++;
                }
            }
            tokens.add(text.substring(start, at));
        }
        tokens.add("");
        return tokens;
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\r' || c == '\n';
    }
}
