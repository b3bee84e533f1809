package io.hypernetes.cel.library;

import io.hypernetes.cel.value.Bytes;
import io.hypernetes.cel.value.Comparisons;
import io.hypernetes.cel.value.EvaluationException;
import io.hypernetes.cel.value.ListValue;
import io.hypernetes.cel.value.MapValue;
import io.hypernetes.cel.value.Null;
import io.hypernetes.cel.value.Unsigned;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values that may be missing (cel-spec, optional types). */
final class OptionalLibrary {
    private OptionalLibrary() {}

    static void declare(Functions functions) {
        functions
                .runtime("optional.of", List.of(Object.class), Costs.ONE, a -> Optional.of(a[0]))
                .runtime("optional.none", List.of(), Costs.ONE, a -> Optional.empty())
                .runtime(
                        "optional.ofNonZeroValue",
                        List.of(Object.class),
                        Costs.ONE,
                        a -> isZero(a[0]) ? Optional.empty() : Optional.of(a[0]))
                .runtime(
                        "hasValue",
                        List.of(Optional.class),
                        Costs.ONE,
                        a -> ((Optional<?>) a[0]).isPresent())
                .runtime(
                        "value",
                        List.of(Optional.class),
                        Costs.ONE,
                        a ->
                                ((Optional<?>) a[0])
                                        .<Object>map(v -> v)
                                        .orElseThrow(() ->
                                                new EvaluationException(
                                                        "optional.none() dereference")));
        for (String unwrap : List.of("optional.unwrap", "unwrapOpt")) {
            functions.runtime(
                    unwrap, List.of(ListValue.class), Costs.ITEMS, a -> present((ListValue) a[0]));
        }
        functions
                .runtime("first", List.of(ListValue.class), Costs.ONE, a -> at(a[0], true))
                .runtime("last", List.of(ListValue.class), Costs.ONE, a -> at(a[0], false));
        functions.runtime(
                "cel.@mapInsert",
                List.of(MapValue.class, Object.class, Object.class),
                Costs.ONE,
                a -> inserted((MapValue) a[0], Map.of(a[1], a[2])));
        functions.runtime(
                "cel.@mapInsert",
                List.of(MapValue.class, MapValue.class),
                Costs.ONE,
                a -> {
                    Map<Object, Object> added = new LinkedHashMap<>();
                    copy((MapValue) a[1], added);
                    return inserted((MapValue) a[0], added);
                });
    }

    private static boolean isZero(Object value) {
        return switch (value) {
            case Null _ -> true;
            case Boolean b -> !b;
            case Long l -> l == 0;
            case Unsigned u -> u.bits() == 0;
            case Double d -> d == 0;
            case Duration d -> d.isZero();
            case String _, Bytes _, ListValue _, MapValue _ -> Comparisons.size(value) == 0;
            case Optional<?> o -> o.isEmpty();
            default -> false;
        };
    }

    private static ListValue present(ListValue list) {
        List<Object> items = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (!(list.get(i) instanceof Optional<?> item)) {
                throw EvaluationException.noSuchOverload();
            }
            item.ifPresent(items::add);
        }
        return ListValue.of(items);
    }

    private static Object at(Object value, boolean first) {
        ListValue list = (ListValue) value;
        return list.size() == 0
                ? Optional.empty()
                : Optional.of(list.get(first ? 0 : list.size() - 1));
    }

    private static void copy(MapValue map, Map<Object, Object> into) {
        for (Object key : map.keys()) {
            Object value = map.find(key);
            if (value != null) {
                into.put(Comparisons.key(key), value);
            }
        }
    }

    private static MapValue inserted(MapValue map, Map<Object, Object> added) {
        Map<Object, Object> entries = new LinkedHashMap<>();
        copy(map, entries);
        added.forEach((key, value) -> {
            if (entries.put(Comparisons.key(key), value) != null) {
                throw new EvaluationException("insert failed: key " + key + " already exists");
            }
        });
        return MapValue.of(entries);
    }
}
