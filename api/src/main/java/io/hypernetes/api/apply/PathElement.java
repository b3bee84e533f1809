package io.hypernetes.api.apply;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.TreeMap;

/**
 * One step from an object or list to what is in it. Equal steps compare as 0; the order is that of
 * the canonical FieldsV1 form: fields, keyed items, values, positions.
 */
sealed interface PathElement extends Comparable<PathElement> {

    /** A field of an object, or a key of a map. */
    record Field(String name) implements PathElement {
        @Override
        public String encoded() {
            return "f:" + name;
        }

        @Override
        public String toString() {
            return "." + name;
        }
    }

    /** The item of a list that has these values in its key fields. */
    record Key(TreeMap<String, JsonNode> fields) implements PathElement {
        @Override
        public String encoded() {
            StringBuilder text = new StringBuilder(32).append("k:{");
            for (Map.Entry<String, JsonNode> field : fields.entrySet()) {
                if (text.length() > 3) {
                    text.append(',');
                }
                Values.appendText(text, field.getKey()).append(':');
                Values.append(text, field.getValue());
            }
            return text.append('}').toString();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("[");
            fields.forEach((name, value) ->
                    text.append(text.length() > 1 ? "," : "")
                            .append(name)
                            .append('=')
                            .append(Values.shown(value)));
            return text.append(']').toString();
        }
    }

    /** The member of a set. */
    record Value(JsonNode value) implements PathElement {
        @Override
        public String encoded() {
            return Values.append(new StringBuilder("v:"), value).toString();
        }

        @Override
        public String toString() {
            return "[=" + Values.shown(value) + "]";
        }
    }

    /** A position in a list. */
    record Index(int index) implements PathElement {
        @Override
        public String encoded() {
            return "i:" + index;
        }

        @Override
        public String toString() {
            return "[" + index + "]";
        }
    }

    /** As FieldsV1 writes it. */
    String encoded();

    /**
     * Reads the FieldsV1 form.
     *
     * @return null for a kind of element that is not known: a later version may know it
     * @throws IllegalArgumentException when it is malformed, in upstream's words
     */
    static @Nullable PathElement decode(String text) {
        if (text.length() < 2) {
            throw new IllegalArgumentException("key must be 2 characters long:");
        }
        if (text.charAt(1) != ':') {
            throw new IllegalArgumentException("missing colon: " + text);
        }
        String rest = text.substring(2);
        return switch (text.charAt(0)) {
            case 'f' -> new Field(rest);
            case 'v' -> new Value(Values.parse(rest));
            case 'k' -> {
                if (!(Values.parse(rest) instanceof ObjectNode object)) {
                    throw new IllegalArgumentException("a key is an object: " + text);
                }
                TreeMap<String, JsonNode> fields = new TreeMap<>();
                object.forEachEntry(fields::put);
                yield new Key(fields);
            }
            case 'i' -> {
                try {
                    yield new Index(Integer.parseInt(rest));
                } catch (NumberFormatException e) {
                    throw new IllegalArgumentException("no position in a list: " + text, e);
                }
            }
            default -> null;
        };
    }

    @Override
    default int compareTo(PathElement other) {
        if (this instanceof Field(String a) && other instanceof Field(String b)) {
            return a.compareTo(b);
        }
        int kinds = Integer.compare(rank(this), rank(other));
        if (kinds != 0) {
            return kinds;
        }
        return switch (this) {
            case Field(String a) -> a.compareTo(((Field) other).name);
            case Key(TreeMap<String, JsonNode> a) -> compareKeys(a, ((Key) other).fields);
            case Value(JsonNode a) -> Values.compare(a, ((Value) other).value);
            case Index(int a) -> Integer.compare(a, ((Index) other).index);
        };
    }

    private static int rank(PathElement element) {
        return switch (element) {
            case Field _ -> 0;
            case Key _ -> 1;
            case Value _ -> 2;
            case Index _ -> 3;
        };
    }

    /** Field by field: the name first, then the value; a key that ends first comes first. */
    private static int compareKeys(TreeMap<String, JsonNode> a, TreeMap<String, JsonNode> b) {
        var left = a.entrySet().iterator();
        var right = b.entrySet().iterator();
        while (left.hasNext() && right.hasNext()) {
            Map.Entry<String, JsonNode> l = left.next();
            Map.Entry<String, JsonNode> r = right.next();
            int names = l.getKey().compareTo(r.getKey());
            if (names != 0) {
                return names;
            }
            int values = Values.compare(l.getValue(), r.getValue());
            if (values != 0) {
                return values;
            }
        }
        return Boolean.compare(left.hasNext(), right.hasNext());
    }
}
