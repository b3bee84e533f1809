package io.hypernetes.api.select;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A conjunction of terms on an object's selectable fields, {@code status.phase!=Failed}. */
public record FieldSelector(List<Term> terms) {

    private static final String NAME = "metadata.name";
    private static final String NAMESPACE = "metadata.namespace";

    /**
     * @param negated for {@code !=}
     */
    public record Term(String field, boolean negated, String value) {

        private boolean isOfKey() {
            return field.equals(NAME) || field.equals(NAMESPACE);
        }

        /** The query form. */
        @Override
        public String toString() {
            return field
                    + (negated ? "!=" : "=")
                    + value.replace("\\", "\\\\").replace(",", "\\,").replace("=", "\\=");
        }
    }

    public static final FieldSelector EVERYTHING = new FieldSelector(List.of());

    private static final List<String> OPERATORS = List.of("!=", "==", "=");

    public FieldSelector {
        terms = List.copyOf(terms);
    }

    /** Throws BadRequest. */
    public static FieldSelector parse(String text) {
        List<Term> terms = new ArrayList<>();
        for (String part : split(text)) {
            if (!part.isEmpty()) {
                terms.add(term(text, part));
            }
        }
        return terms.isEmpty() ? EVERYTHING : new FieldSelector(terms);
    }

    /** At commas that no backslash escapes. */
    private static List<String> split(String text) {
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\\' -> i++;
                case ',' -> {
                    parts.add(text.substring(start, i));
                    start = i + 1;
                }
                default -> {}
            }
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static Term term(String selector, String part) {
        for (int i = 0; i < part.length(); i++) {
            for (String operator : OPERATORS) {
                if (part.startsWith(operator, i)) {
                    String value = unescape(part.substring(i + operator.length()));
                    return new Term(part.substring(0, i), operator.equals("!="), value);
                }
            }
        }
        throw ApiException.badRequest(
                "invalid selector: '" + selector + "'; can't understand '" + part + "'");
    }

    private static String unescape(String value) {
        StringBuilder plain = new StringBuilder(value.length());
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '=') {
                throw ApiException.badRequest(
                        "invalid field selector: unescaped character in value: " + (int) c);
            }
            if (c == '\\') {
                i++;
                String escaped = value.substring(i, Math.min(i + 1, value.length()));
                if (escaped.isEmpty() || "\\,=".indexOf(escaped.charAt(0)) < 0) {
                    throw ApiException.badRequest(
                            "invalid field selector: invalid escape sequence: \\" + escaped);
                }
                plain.append(escaped);
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    /** Throws BadRequest when a field cannot be selected by in this type. */
    public void check(ResourceType type) {
        List<String> known = type.strategy().selectableFields();
        for (Term term : terms) {
            switch (term.field) {
                case NAME, NAMESPACE -> {}
                default -> {
                    if (!known.contains(term.field)) {
                        throw ApiException.badRequest(
                                known.isEmpty()
                                        ? "\""
                                                + term.field
                                                + "\" is not a known field selector: only"
                                                + " \"metadata.name\", \"metadata.namespace\""
                                        : "field label not supported: " + term.field);
                    }
                }
            }
        }
    }

    /** Whether all terms hold; a missing field counts as the empty text. */
    public boolean matches(ResourceType type, ObjectNode object) {
        for (Term term : terms) {
            String value =
                    switch (term.field) {
                        case NAME -> Metadata.name(object);
                        case NAMESPACE -> Metadata.namespace(object);
                        default -> type.strategy().selectableValue(object, term.field);
                    };
            if (value.equals(term.value) == term.negated) {
                return false;
            }
        }
        return true;
    }

    /** Whether the terms on its name and namespace hold: all else need not be read for those. */
    public boolean matchesKey(String namespace, String name) {
        for (Term term : terms) {
            if (term.isOfKey()
                    && (term.field.equals(NAME) ? name : namespace).equals(term.value)
                            == term.negated) {
                return false;
            }
        }
        return true;
    }

    /** Whether there are terms on other fields. */
    public boolean looksInside() {
        for (Term term : terms) { // asked of each object of a list: nothing is made for it
            if (!term.isOfKey()) {
                return true;
            }
        }
        return false;
    }

    /** The value that {@code field} must have, if a term says so: a list of one name is a get. */
    public Optional<String> exactly(String field) {
        return terms.stream()
                .filter(t -> !t.negated && t.field.equals(field))
                .map(Term::value)
                .findFirst();
    }

    public boolean isEverything() {
        return terms.isEmpty();
    }

    /** The query form; parsing it gives an equal selector. */
    @Override
    public String toString() {
        return terms.stream().map(Term::toString).collect(Collectors.joining(","));
    }
}
