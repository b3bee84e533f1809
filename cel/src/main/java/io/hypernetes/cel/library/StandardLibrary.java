package io.hypernetes.cel.library;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

import io.hypernetes.cel.library.Functions.Code;
import io.hypernetes.cel.value.Bytes;
import io.hypernetes.cel.value.Comparisons;
import io.hypernetes.cel.value.EvaluationException;
import io.hypernetes.cel.value.ListValue;
import io.hypernetes.cel.value.MapValue;
import io.hypernetes.cel.value.Null;
import io.hypernetes.cel.value.TypeName;
import io.hypernetes.cel.value.Unsigned;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What CEL itself has (cel-spec, list of standard definitions), except conversions and time. */
final class StandardLibrary {
    private static final List<Class<?>> ANY_TWO = List.of(Object.class, Object.class);

    private StandardLibrary() {}

    static void declare(Functions functions, Map<String, Class<?>> opaque) {
        Arithmetic.declare(functions);
        functions
                .runtime(
                        "_==_",
                        ANY_TWO,
                        StandardLibrary::equalityCost,
                        a -> Comparisons.equal(a[0], a[1]))
                .runtime(
                        "_!=_",
                        ANY_TWO,
                        StandardLibrary::equalityCost,
                        a -> !Comparisons.equal(a[0], a[1]));
        ordered(functions, "_<_", a -> Comparisons.compare(a[0], a[1]) == -1);
        ordered(functions, "_>_", a -> Comparisons.compare(a[0], a[1]) == 1);
        ordered(functions, "_<=_", a -> Comparisons.compare(a[0], a[1]) <= 0);
        ordered(
                functions,
                "_>=_",
                a -> {
                    int order = Comparisons.compare(a[0], a[1]);
                    return order == 0 || order == 1;
                });
        functions.runtime("!_", List.of(Boolean.class), Costs.ONE, a -> !(Boolean) a[0]);
        for (String in : List.of("@in", "_in_")) {
            functions
                    .runtime(
                            in,
                            List.of(Object.class, ListValue.class),
                            (a, result) -> ((ListValue) a[1]).size(),
                            a -> contains((ListValue) a[1], a[0]))
                    .runtime(
                            in,
                            List.of(Object.class, MapValue.class),
                            Costs.ONE,
                            a -> ((MapValue) a[1]).find(a[0]) != null);
        }
        texts(functions);
        for (Class<?> sized : List.of(String.class, Bytes.class, ListValue.class, MapValue.class)) {
            functions.runtime("size", List.of(sized), Costs.ONE, a -> Comparisons.size(a[0]));
        }
        functions
                .runtime("dyn", List.of(Object.class), Costs.ONE, a -> a[0])
                .runtime(
                        "type",
                        List.of(Object.class),
                        Costs.ONE,
                        a -> new TypeName(typeName(a[0], opaque)));
    }

    private static void ordered(Functions functions, String name, Code code) {
        functions.runtime(name, ANY_TWO, StandardLibrary::orderCost, code);
    }

    private static long orderCost(Object[] arguments, Object result) {
        return arguments[0] instanceof String || arguments[0] instanceof Bytes
                ? Costs.SHORTER.of(arguments, result)
                : 1;
    }

    private static long equalityCost(Object[] arguments, Object result) {
        return Costs.SHORTER.of(arguments, result);
    }

    private static boolean contains(ListValue list, Object wanted) {
        for (int i = 0; i < list.size(); i++) {
            if (Comparisons.equal(list.get(i), wanted)) {
                return true;
            }
        }
        return false;
    }

    private static void texts(Functions functions) {
        List<Class<?>> two = List.of(String.class, String.class);
        functions
                .runtime(
                        "contains",
                        two,
                        (a, result) ->
                                Costs.characters(Comparisons.size(a[0]))
                                        * Costs.characters(Comparisons.size(a[1])),
                        a -> ((String) a[0]).contains((String) a[1]))
                .runtime(
                        "startsWith",
                        two,
                        Costs.WALK,
                        a -> ((String) a[0]).startsWith((String) a[1]))
                .runtime("endsWith", two, Costs.WALK, a -> ((String) a[0]).endsWith((String) a[1]))
                .runtime(
                        "matches",
                        two,
                        Costs.MATCH,
                        a -> pattern((String) a[1]).matcher((String) a[0]).find());
    }

    /** Linear in the text (RE2). Throws EvaluationException. */
    static Pattern pattern(String regex) {
        try {
            return Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            throw new EvaluationException(
                    "error parsing regexp: " + e.getDescription() + ": `" + e.getPattern() + "`");
        }
    }

    private static String typeName(Object value, Map<String, Class<?>> opaque) {
        return switch (value) {
            case Boolean _ -> "bool";
            case Long _ -> "int";
            case Unsigned _ -> "uint";
            case Double _ -> "double";
            case String _ -> "string";
            case Bytes _ -> "bytes";
            case Null _ -> "null_type";
            case ListValue _ -> "list";
            case MapValue map -> map.typeName();
            case Duration _ -> "google.protobuf.Duration";
            case Instant _ -> "google.protobuf.Timestamp";
            case TypeName _ -> "type";
            case Optional<?> _ -> "optional_type";
            default ->
                    opaque.entrySet().stream()
                            .filter(type -> type.getValue().isInstance(value))
                            .map(Map.Entry::getKey)
                            .findFirst()
                            .orElse("dyn");
        };
    }
}
