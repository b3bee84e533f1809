package io.hypernetes.cel.type;

import java.util.Map;
import java.util.Optional;

/**
 * What a schema says about a value: its CEL type, and how large it may be, which is what the
 * estimate of an expression's cost stands on.
 *
 * @param name of an object's type, else the kind's
 * @param fields of an object, by escaped name
 * @param elementType of a list's items or a map's values
 * @param maxElements the most items, entries or characters; none for objects and numbers
 * @param minSize the least bytes of its JSON
 */
public record DeclaredType(
        Kind kind,
        String name,
        Map<String, Field> fields,
        Optional<DeclaredType> elementType,
        long maxElements,
        long minSize) {
    /** The kinds of values that JSON can hold, as CEL sees them. */
    public enum Kind {
        DYN,
        BOOL,
        INT,
        DOUBLE,
        STRING,
        BYTES,
        DURATION,
        TIMESTAMP,
        LIST,
        MAP,
        OBJECT
    }

    /**
     * @param name in JSON
     */
    public record Field(String name, DeclaredType type, boolean required) {}

    /** The largest request, in bytes: what nothing in it can exceed. */
    public static final long MAX_REQUEST = 3L * 1024 * 1024;

    public static final DeclaredType DYN = scalar(Kind.DYN, MAX_REQUEST - 2, 1);
    public static final DeclaredType BOOL = scalar(Kind.BOOL, 0, 4);
    public static final DeclaredType INT = scalar(Kind.INT, 0, 1);
    public static final DeclaredType DOUBLE = scalar(Kind.DOUBLE, 0, 1);
    public static final DeclaredType STRING = scalar(Kind.STRING, MAX_REQUEST - 2, 2);

    /** Of maps. Upstream takes keys to be free of cost, and holds on to that. */
    public static final DeclaredType KEY = scalar(Kind.STRING, 0, 2);

    public static DeclaredType scalar(Kind kind, long maxElements, long minSize) {
        return new DeclaredType(
                kind,
                kind.name().toLowerCase(java.util.Locale.ROOT),
                Map.of(),
                Optional.empty(),
                maxElements,
                minSize);
    }

    public static DeclaredType list(DeclaredType items, long maxItems) {
        return new DeclaredType(Kind.LIST, "list", Map.of(), Optional.of(items), maxItems, 2);
    }

    public static DeclaredType map(DeclaredType values, long maxEntries) {
        return new DeclaredType(Kind.MAP, "map", Map.of(), Optional.of(values), maxEntries, 2);
    }

    public static DeclaredType object(String name, Map<String, Field> fields, long minSize) {
        return new DeclaredType(Kind.OBJECT, name, fields, Optional.empty(), 0, minSize);
    }

    /** Of a list's items or a map's values; dynamic for what has none. */
    public DeclaredType element() {
        return elementType.orElse(DYN);
    }

    /** The same under a name of its own, and so what is within. */
    public DeclaredType named(String newName) {
        return switch (kind) {
            case OBJECT -> {
                Map<String, Field> renamed = new java.util.LinkedHashMap<>();
                fields.forEach((key, field) ->
                        renamed.put(
                                key,
                                new Field(
                                        field.name(),
                                        field.type().named(newName + "." + key),
                                        field.required())));
                yield object(newName, renamed, minSize);
            }
            case LIST -> list(element().named(newName + ".@elem"), maxElements).sized(minSize);
            case MAP -> map(element().named(newName + ".@elem"), maxElements).sized(minSize);
            default -> this;
        };
    }

    private DeclaredType sized(long size) {
        return new DeclaredType(kind, name, fields, elementType, maxElements, size);
    }
}
