package io.hypernetes.cel.library;

import static dev.cel.common.types.SimpleType.BOOL;
import static dev.cel.common.types.SimpleType.INT;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.TypeParamType;

import io.hypernetes.cel.value.Comparisons;
import io.hypernetes.cel.value.EvaluationException;
import io.hypernetes.cel.value.ListValue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Kubernetes' list functions ({@code isSorted}, {@code sum}, {@code min}, …), cel-go's list
 * extensions ({@code slice}, {@code flatten}, {@code sort}, …) and sets.
 */
final class ListLibrary {
    private static final CelType ITEM = TypeParamType.create("T");
    private static final CelType LIST = ListType.create(ITEM);
    private static final CelType LISTS = ListType.create(LIST);

    /** The most that {@code lists.range} makes. */
    private static final long MOST = 100_000;

    private ListLibrary() {}

    static void declare(Functions f) {
        for (CelType type :
                List.of(
                        SimpleType.INT,
                        SimpleType.UINT,
                        SimpleType.DOUBLE,
                        SimpleType.BOOL,
                        SimpleType.DURATION,
                        SimpleType.TIMESTAMP,
                        SimpleType.STRING,
                        SimpleType.BYTES)) {
            String id = "list_" + type.name().toLowerCase(Locale.ROOT).replace('.', '_');
            List<CelType> list = List.of(ListType.create(type));
            f.member(
                    "isSorted",
                    id + "_is_sorted",
                    BOOL,
                    list,
                    Costs.ITEMS,
                    a -> isSorted((ListValue) a[0]));
            f.member(
                    "min",
                    id + "_min",
                    type,
                    list,
                    Costs.ITEMS,
                    a -> extreme((ListValue) a[0], -1, "min"));
            f.member(
                    "max",
                    id + "_max",
                    type,
                    list,
                    Costs.ITEMS,
                    a -> extreme((ListValue) a[0], 1, "max"));
        }
        Functions.Function plus = f.find("_+_");
        for (CelType type :
                List.of(SimpleType.INT, SimpleType.UINT, SimpleType.DOUBLE, SimpleType.DURATION)) {
            f.member(
                    "sum",
                    "list_" + type.name().replace('.', '_') + "_sum",
                    type,
                    List.of(ListType.create(type)),
                    Costs.ITEMS,
                    a -> sum((ListValue) a[0], zero(type), plus));
        }
        f.member(
                "indexOf",
                "list_a_index_of_int",
                INT,
                List.of(LIST, ITEM),
                Costs.ITEMS,
                a -> indexOf((ListValue) a[0], a[1], true));
        f.member(
                "lastIndexOf",
                "list_a_last_index_of_int",
                INT,
                List.of(LIST, ITEM),
                Costs.ITEMS,
                a -> indexOf((ListValue) a[0], a[1], false));
        extensions(f);
        sets(f);
    }

    private static void extensions(Functions f) {
        f.member(
                "slice",
                "list_slice",
                LIST,
                List.of(LIST, INT, INT),
                Costs.ITEMS,
                a -> slice((ListValue) a[0], (Long) a[1], (Long) a[2]));
        f.member(
                "flatten",
                "list_flatten",
                LIST,
                List.of(LISTS),
                Costs.ITEMS,
                a -> ListValue.of(flatten((ListValue) a[0], 1)));
        f.member(
                "flatten",
                "list_flatten_int",
                ListType.create(SimpleType.DYN),
                List.of(ListType.create(SimpleType.DYN), INT),
                Costs.ITEMS,
                a -> ListValue.of(flatten((ListValue) a[0], (Long) a[1])));
        f.member(
                "distinct",
                "list_distinct",
                LIST,
                List.of(LIST),
                (a, r) -> quadratic((ListValue) a[0]),
                a -> distinct((ListValue) a[0]));
        f.member(
                "reverse",
                "list_reverse",
                LIST,
                List.of(LIST),
                Costs.ITEMS,
                a -> ListValue.of(((ListValue) a[0]).toList().reversed()));
        f.member(
                "sort",
                "list_sort",
                LIST,
                List.of(LIST),
                Costs.ITEMS,
                a -> sorted((ListValue) a[0], (ListValue) a[0]));
        f.member(
                "@sortByAssociatedKeys",
                "list_sort_by",
                LIST,
                List.of(LIST, ListType.create(TypeParamType.create("U"))),
                Costs.ITEMS,
                a -> sorted((ListValue) a[0], (ListValue) a[1]));
        f.global(
                "lists.range",
                "lists_range",
                ListType.create(INT),
                List.of(INT),
                (a, r) -> Comparisons.size(r),
                a -> range((Long) a[0]));
    }

    private static void sets(Functions f) {
        List<CelType> two = List.of(LIST, LIST);
        Functions.Cost product = (a, r) -> 1 + Comparisons.size(a[0]) * Comparisons.size(a[1]);
        f.global(
                "sets.contains",
                "list_sets_contains_list",
                BOOL,
                two,
                product,
                a -> containsAll((ListValue) a[0], (ListValue) a[1]));
        f.global(
                "sets.equivalent",
                "list_sets_equivalent_list",
                BOOL,
                two,
                product,
                a ->
                        containsAll((ListValue) a[0], (ListValue) a[1])
                                && containsAll((ListValue) a[1], (ListValue) a[0]));
        f.global(
                "sets.intersects",
                "list_sets_intersects_list",
                BOOL,
                two,
                product,
                a -> {
                    ListValue other = (ListValue) a[1];
                    for (int i = 0; i < other.size(); i++) {
                        if (indexOf((ListValue) a[0], other.get(i), true) >= 0) {
                            return true;
                        }
                    }
                    return false;
                });
    }

    private static long quadratic(ListValue list) {
        return (long) list.size() * list.size();
    }

    private static boolean isSorted(ListValue list) {
        for (int i = 1; i < list.size(); i++) {
            if (Comparisons.compare(list.get(i - 1), list.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private static Object extreme(ListValue list, int wanted, String name) {
        if (list.size() == 0) {
            throw new EvaluationException(name + " called on empty list");
        }
        Object best = list.get(0);
        for (int i = 1; i < list.size(); i++) {
            if (Comparisons.compare(list.get(i), best) == wanted) {
                best = list.get(i);
            }
        }
        return best;
    }

    private static Object zero(CelType type) {
        return switch (type.kind()) {
            case UINT -> new io.hypernetes.cel.value.Unsigned(0);
            case DOUBLE -> 0.0;
            case DURATION -> Duration.ZERO;
            default -> 0L;
        };
    }

    private static Object sum(ListValue list, Object zero, Functions.Function plus) {
        Object sum = list.size() == 0 ? zero : list.get(0);
        for (int i = 1; i < list.size(); i++) {
            sum = plus.call(new Object[] {sum, list.get(i)}, cost -> {});
        }
        return sum;
    }

    private static long indexOf(ListValue list, Object wanted, boolean first) {
        long found = -1;
        for (int i = 0; i < list.size(); i++) {
            if (Comparisons.equal(list.get(i), wanted)) {
                found = i;
                if (first) {
                    break;
                }
            }
        }
        return found;
    }

    private static ListValue slice(ListValue list, long from, long to) {
        if (from < 0 || to < 0) {
            throw new EvaluationException(
                    "cannot slice(" + from + ", " + to + "), negative indexes not supported");
        }
        if (from > to) {
            throw new EvaluationException(
                    "cannot slice("
                            + from
                            + ", "
                            + to
                            + "), start index must be less than or equal to end index");
        }
        if (to > list.size()) {
            throw new EvaluationException(
                    "cannot slice(" + from + ", " + to + "), list is length " + list.size());
        }
        return ListValue.of(list.toList().subList((int) from, (int) to));
    }

    private static List<Object> flatten(ListValue list, long depth) {
        if (depth < 0) {
            throw new EvaluationException("level must be non-negative");
        }
        List<Object> flat = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            if (depth > 0 && list.get(i) instanceof ListValue inner) {
                flat.addAll(flatten(inner, depth - 1));
            } else {
                flat.add(list.get(i));
            }
        }
        return flat;
    }

    private static ListValue distinct(ListValue list) {
        List<Object> distinct = new ArrayList<>();
        ListValue seen = ListValue.of(distinct);
        for (int i = 0; i < list.size(); i++) {
            if (indexOf(seen, list.get(i), true) < 0) {
                distinct.add(list.get(i));
            }
        }
        return ListValue.of(distinct);
    }

    private static ListValue sorted(ListValue list, ListValue keys) {
        List<Integer> order = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            order.add(i);
        }
        if (keys.size() == 1) {
            Comparisons.compare(keys.get(0), keys.get(0));
        }
        Collections.sort(order, (x, y) -> Comparisons.compare(keys.get(x), keys.get(y)) % 2);
        return ListValue.of(order.stream().map(list::get).toList());
    }

    private static ListValue range(long end) {
        if (end > MOST) {
            throw new EvaluationException("lists.range is limited to " + MOST);
        }
        List<Object> numbers = new ArrayList<>();
        for (long i = 0; i < end; i++) {
            numbers.add(i);
        }
        return ListValue.of(numbers);
    }

    private static boolean containsAll(ListValue all, ListValue wanted) {
        for (int i = 0; i < wanted.size(); i++) {
            if (indexOf(all, wanted.get(i), true) < 0) {
                return false;
            }
        }
        return true;
    }
}
