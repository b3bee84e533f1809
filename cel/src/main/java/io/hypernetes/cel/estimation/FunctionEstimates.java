package io.hypernetes.cel.estimation;

import dev.cel.common.types.CelKind;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What calls may cost: cel-go's and Kubernetes' estimates (cel-go checker/cost.go and ext,
 * apiserver pkg/cel/library/cost.go). They are held stable there, because they decide which
 * CustomResourceDefinitions are accepted; so they are not always what the evaluation charges. A
 * function that is not here costs one. The authorizer is missing: no definition's rule knows it.
 *
 * <p>Operands count the receiver as the first.
 */
final class FunctionEstimates {
    private interface Rule {
        Estimate of(List<Operand> operands);
    }

    private static final double CHARACTER = 0.1;
    private static final double REGEX = 0.25;

    /** For the regular expression of a named format, which is not looked at. */
    private static final long FORMAT_REGEX = 128;

    private static final long FORMAT = 64;
    private static final long NEW_LIST = 10;

    /** Bytes of a longest address, twice compared. */
    private static final long ADDRESS = Size.scaled(2 * 16, CHARACTER);

    private static final Map<String, Rule> FUNCTIONS = new HashMap<>();
    private static final Map<String, Rule> OVERLOADS = new HashMap<>();

    static {
        strings();
        network();
        lists();
        operators();
    }

    private FunctionEstimates() {}

    static Estimate of(String function, String overload, List<Operand> operands) {
        Rule byOverload = OVERLOADS.get(overload);
        if (byOverload != null) {
            return byOverload.of(operands);
        }
        Rule byName = FUNCTIONS.get(function);
        return byName == null ? Estimate.ONE : byName.of(operands);
    }

    private static void functions(Rule rule, String... names) {
        for (String name : names) {
            FUNCTIONS.put(name, rule);
        }
    }

    private static void overloads(Rule rule, String... ids) {
        for (String id : ids) {
            OVERLOADS.put(id, rule);
        }
    }

    private static Size size(List<Operand> operands, int index) {
        return operands.get(index).size();
    }

    private static long walk(List<Operand> operands, int index) {
        return size(operands, index).cost(CHARACTER);
    }

    private static long literal(List<Operand> operands, int index, long otherwise) {
        return index < operands.size()
                ? operands.get(index).literal().orElse(otherwise)
                : otherwise;
    }

    private static void strings() {
        functions(o -> Estimate.of(walk(o, 0)), "quantity", "isQuantity", "semver", "isSemver");
        functions(
                o -> Estimate.of(walk(o, 0), size(o, 0)),
                "url",
                "jsonpatch.escapeKey",
                "lowerAscii",
                "upperAscii",
                "substring",
                "trim");
        functions(o -> Estimate.of(size(o, 0).cost(2 * CHARACTER), replaced(o)), "replace");
        functions(
                o -> {
                    long most = literal(o, 2, size(o, 0).max());
                    return Estimate.of(
                            size(o, 0).cost(2 * CHARACTER),
                            Size.upTo(most < 0 ? Long.MAX_VALUE : most));
                },
                "split");
        functions(FunctionEstimates::join, "join");
        functions(o -> Estimate.of(match(o), Size.upTo(size(o, 0).max())), "find", "findAll");
        functions(o -> Estimate.of(Size.scaled(walk(o, 1), FORMAT_REGEX * REGEX)), "validate");
        overloads(o -> Estimate.of(match(o)), "matches_string");
        overloads(o -> Estimate.of(Size.multiply(walk(o, 0), walk(o, 1))), "contains_string");
        overloads(o -> Estimate.of(walk(o, 1)), "starts_with_string", "ends_with_string");
        overloads(o -> Estimate.of(walk(o, 0)), "string_format");
        overloads(
                o -> Estimate.of(walk(o, 0), size(o, 0).times(new Size(1, 4))), "string_to_bytes");
        overloads(
                o -> Estimate.of(walk(o, 0), new Size(size(o, 0).min() / 4, size(o, 0).max())),
                "bytes_to_string");
        overloads(
                o ->
                        Estimate.of(
                                walk(o, 0), size(o, 0).times(new Size(1, 2)).plus(Size.exactly(2))),
                "strings_quote");
    }

    private static long match(List<Operand> operands) {
        return Size.multiply(
                size(operands, 0).plus(Size.exactly(1)).cost(CHARACTER),
                size(operands, 1).cost(REGEX));
    }

    /** The longest result replaces the shortest parts by the longest, the shortest the reverse. */
    private static Size replaced(List<Operand> operands) {
        Size text = size(operands, 0);
        Size part = size(operands, 1);
        Size by = size(operands, 2);
        long most;
        if (part.min() == 0) {
            most = Size.add(Size.multiply(Size.add(text.max(), 1), by.max()), text.max());
        } else if (by.max() <= part.min()) {
            most = text.max();
        } else {
            most = Size.multiply(Size.scaled(text.max(), 1.0 / part.min()), by.max());
        }
        long least;
        if (part.max() == 0) {
            least = Size.add(Size.multiply(Size.add(text.min(), 1), by.min()), text.min());
        } else if (part.max() <= by.min()) {
            least = text.min();
        } else {
            least = Size.multiply(Size.scaled(text.min(), 1.0 / part.max()), by.min());
        }
        return new Size(least, most);
    }

    private static Estimate join(List<Operand> operands) {
        Operand list = operands.getFirst();
        Size size = list.item().map(item -> list.size().times(item)).orElse(Size.exactly(0));
        if (operands.size() > 1) {
            Size between =
                    new Size(
                            Math.max(0, list.size().min() - 1), Math.max(0, list.size().max() - 1));
            size = size.plus(size(operands, 1).times(between));
        }
        return Estimate.of(size.cost(CHARACTER), size);
    }

    private static void network() {
        functions(o -> Estimate.of(walk(o, 0)), "ip", "isIP", "cidr", "isCIDR");
        functions(o -> Estimate.of(size(o, 0).cost(2 * CHARACTER)), "ip.isCanonical");
        overloads(_ -> Estimate.ONE, "cidr_ip");
        long range = Size.scaled(16, CHARACTER) + 1;
        functions(_ -> Estimate.of(ADDRESS), "containsIP");
        functions(_ -> Estimate.of(ADDRESS + range), "containsCIDR");
        overloads(o -> Estimate.of(Size.add(walk(o, 1), ADDRESS)), "cidr_contains_ip_string");
        overloads(
                o -> Estimate.of(Size.add(walk(o, 1), ADDRESS + range)),
                "cidr_contains_cidr_string");
    }

    private static void lists() {
        functions(
                FunctionEstimates::items,
                "isSorted",
                "sum",
                "max",
                "min",
                "indexOf",
                "lastIndexOf",
                "includes");
        functions(
                o -> {
                    long end = literal(o, 2, size(o, 0).max());
                    return newList(1, Size.exactly(Math.max(0, end - literal(o, 1, 0))));
                },
                "slice");
        functions(o -> newList(1, Size.exactly(literal(o, 0, Long.MAX_VALUE))), "lists.range");
        functions(o -> newList(1, size(o, 0)), "reverse");
        functions(
                o -> newList(o.size() > 1 ? literal(o, 1, Long.MAX_VALUE) : 1, size(o, 0)),
                "flatten");
        functions(o -> newList(2, size(o, 0).times(size(o, 0))), "distinct");
        functions(o -> sort(o.getFirst()), "sort");
        functions(o -> sort(o.get(1)), "@sortByAssociatedKeys");
        functions(o -> pairs(o, 1), "sets.contains", "sets.intersects");
        functions(o -> pairs(o, 2), "sets.equivalent");
    }

    private static Estimate items(List<Operand> operands) {
        Operand list = operands.getFirst();
        if (list.item().isEmpty()) {
            return Estimate.of(list.size().cost(CHARACTER));
        }
        long text = isText(list.itemKind()) ? list.item().get().cost(CHARACTER) : 0;
        return Estimate.of(Size.multiply(list.size().max(), Size.add(1, text)));
    }

    private static boolean isText(CelKind kind) {
        return kind == CelKind.STRING || kind == CelKind.BYTES;
    }

    private static Estimate newList(double each, Size size) {
        return Estimate.of(Size.add(size.cost(each), 1 + NEW_LIST), size);
    }

    private static Estimate sort(Operand keys) {
        boolean text = isText(keys.itemKind()) || keys.itemKind() == CelKind.DYN;
        return newList(text ? 2 + CHARACTER : 2, keys.size().times(keys.size()));
    }

    private static Estimate pairs(List<Operand> operands, double each) {
        return Estimate.of(Size.add(size(operands, 0).times(size(operands, 1)).cost(each), 1));
    }

    private static void operators() {
        overloads(_ -> Estimate.of(0), "logical_and", "logical_or");
        overloads(o -> Estimate.of(size(o, 1).cost(1)), "in_list");
        overloads(
                o -> {
                    Size sum = size(o, 0).plus(size(o, 1));
                    return Estimate.of(sum.cost(CHARACTER), sum);
                },
                "add_string",
                "add_bytes");
        overloads(o -> Estimate.of(1, size(o, 0).plus(size(o, 1))), "add_list");
        for (String type : List.of("string", "bytes")) {
            overloads(
                    o -> Estimate.of(shorter(o)),
                    "less_" + type,
                    "less_equals_" + type,
                    "greater_" + type,
                    "greater_equals_" + type);
        }
        overloads(o -> Estimate.of(shorter(o)), "not_equals");
        overloads(FunctionEstimates::equals, "equals");
    }

    private static long shorter(List<Operand> operands) {
        return Size.scaled(Math.min(size(operands, 0).max(), size(operands, 1).max()), CHARACTER);
    }

    private static Estimate equals(List<Operand> operands) {
        String type = operands.getFirst().type().name();
        if (!type.equals(operands.get(1).type().name())) {
            return Estimate.of(shorter(operands));
        }
        return switch (type) {
            case "kubernetes.Quantity", "kubernetes.Semver", "net.IP", "net.CIDR" -> Estimate.ONE;
            case "kubernetes.NamedFormat" -> Estimate.of(Size.scaled(FORMAT, CHARACTER));
            case "kubernetes.URL" ->
                    Estimate.of(operands.get(1).known().orElse(Size.exactly(1)).cost(CHARACTER));
            default -> Estimate.of(shorter(operands));
        };
    }
}
