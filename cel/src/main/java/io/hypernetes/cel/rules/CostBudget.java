package io.hypernetes.cel.rules;

import io.hypernetes.api.FieldError;
import io.hypernetes.cel.Limits;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Adds up what the rules of one schema are estimated to cost. Used by one thread. */
final class CostBudget {
    private static final String RULES =
            "x-kubernetes-validations estimated rule cost total for entire OpenAPIv3 schema";
    private static final double NOT_WORTH_TELLING = 100;
    private static final int TOLD = 4;

    private record Spent(String path, long cost) {}

    private final List<Spent> expensive = new ArrayList<>();
    private long total;

    /**
     * @param name of the cost in the error
     */
    void spend(String path, String name, long cost, List<FieldError> errors) {
        if (cost > Limits.RULE_ESTIMATE) {
            errors.add(FieldError.forbidden(path, exceeded(name, cost, Limits.RULE_ESTIMATE)));
        }
        total = total > Long.MAX_VALUE - cost ? Long.MAX_VALUE : total + cost;
        if (cost >= Limits.SCHEMA_ESTIMATE / 100) {
            expensive.add(new Spent(path, cost));
        }
    }

    /**
     * @param path of the schema
     */
    void check(String path, List<FieldError> errors) {
        if (total <= Limits.SCHEMA_ESTIMATE) {
            return;
        }
        expensive.stream()
                .sorted(Comparator.comparingLong(Spent::cost).reversed())
                .limit(TOLD)
                .map(spent ->
                        FieldError.forbidden(
                                spent.path(),
                                "contributed to estimated rule cost total exceeding cost limit for"
                                        + " entire OpenAPIv3 schema"))
                .forEach(errors::add);
        errors.add(FieldError.forbidden(path, exceeded(RULES, total, Limits.SCHEMA_ESTIMATE)));
    }

    private static String exceeded(String name, long cost, long limit) {
        return name
                + " exceeds budget by factor of "
                + factor((double) cost / limit)
                + " (try simplifying the rule, or adding maxItems, maxProperties, and maxLength"
                + " where arrays, maps, and strings are declared)";
    }

    /** Rounded as Go does it; just above the budget it must not read {@code 1.0x}. */
    private static String factor(double factor) {
        if (factor > NOT_WORTH_TELLING) {
            return "more than 100x";
        }
        int digits = factor < 1.5 ? 6 : 1;
        return new BigDecimal(factor).setScale(digits, RoundingMode.HALF_EVEN).toPlainString()
                + "x";
    }
}
