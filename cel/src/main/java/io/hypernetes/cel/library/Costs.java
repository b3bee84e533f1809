package io.hypernetes.cel.library;

import io.hypernetes.cel.library.Functions.Cost;
import io.hypernetes.cel.value.Comparisons;
import io.hypernetes.cel.value.ListValue;

/** The costs that Kubernetes and cel-go give to calls. A tenth of a unit is a character. */
final class Costs {
    static final Cost ONE = (arguments, result) -> 1;

    /** The program that a regular expression becomes, by a quarter of its length. */
    private static final double REGEX = 0.25;

    private static final double CHARACTER = 0.1;

    /** The first argument is walked. */
    static final Cost WALK = walk(1);

    private Costs() {}

    /** The first argument is walked so many times. */
    static Cost walk(int times) {
        return (arguments, result) -> characters(Comparisons.size(arguments[0]) * times);
    }

    /** The result is walked so many times. */
    static Cost walkResult(int times) {
        return (arguments, result) -> characters(Comparisons.size(result) * times);
    }

    /** The second argument is a regular expression over the first. */
    static final Cost MATCH =
            (arguments, result) ->
                    characters(1 + Comparisons.size(arguments[0]))
                            * (long) Math.ceil(Comparisons.size(arguments[1]) * REGEX);

    /** The shorter of the two is walked. */
    static final Cost SHORTER =
            (arguments, result) ->
                    characters(
                            Math.min(
                                    Comparisons.size(arguments[0]),
                                    Comparisons.size(arguments[1])));

    /** Both are walked. */
    static final Cost BOTH =
            (arguments, result) ->
                    characters(Comparisons.size(arguments[0]) + Comparisons.size(arguments[1]));

    /** One for each item, and the characters of each. */
    static final Cost ITEMS =
            (arguments, result) -> {
                if (!(arguments[0] instanceof ListValue list)) {
                    return Comparisons.size(arguments[0]);
                }
                long cost = 0;
                for (int i = 0; i < list.size(); i++) {
                    cost += traversal(list.get(i));
                }
                return cost;
            };

    private static long traversal(Object value) {
        return switch (value) {
            case String _, io.hypernetes.cel.value.Bytes _ -> characters(Comparisons.size(value));
            case ListValue list -> {
                long cost = 0;
                for (int i = 0; i < list.size(); i++) {
                    cost += traversal(list.get(i));
                }
                yield cost;
            }
            default -> 1;
        };
    }

    static long characters(long count) {
        return (long) Math.ceil(count * CHARACTER);
    }
}
