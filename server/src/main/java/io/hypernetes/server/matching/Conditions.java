package io.hypernetes.server.matching;

import io.hypernetes.cel.CompilationException;
import io.hypernetes.cel.Environment;
import io.hypernetes.cel.Expression;
import io.hypernetes.cel.Limits;
import io.hypernetes.cel.evaluation.Result;
import io.hypernetes.cel.evaluation.Variables;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The {@code matchConditions} of a webhook or policy. */
public final class Conditions {
    /** What came of them. */
    public sealed interface Outcome {
        /** All hold. */
        record Match() implements Outcome {}

        /** One does not hold, whatever became of the others. */
        record NoMatch() implements Outcome {}

        /** None fails to hold, but some could not be evaluated. */
        record Error(String message) implements Outcome {}
    }

    private record Condition(String name, Expression expression) {}

    private final List<Condition> conditions;
    private final List<String> errors;

    private Conditions(List<Condition> conditions, List<String> errors) {
        this.conditions = conditions;
        this.errors = errors;
    }

    /** Conditions that do not compile are errors when they are evaluated. */
    public static Conditions of(JsonNode list, Environment environment) {
        List<Condition> conditions = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        for (JsonNode condition : list) {
            String text = condition.path("expression").asString("");
            try {
                Expression expression = environment.compile(text);
                if (expression.isBoolean()) {
                    conditions.add(new Condition(condition.path("name").asString(""), expression));
                } else {
                    errors.add("cel expression must evaluate to bool");
                }
            } catch (CompilationException e) {
                errors.add("compilation failed: " + e.text());
            }
        }
        return new Conditions(List.copyOf(conditions), List.copyOf(errors));
    }

    public boolean isEmpty() {
        return conditions.isEmpty() && errors.isEmpty();
    }

    public Outcome evaluate(Variables variables) {
        List<String> failures = new ArrayList<>(errors);
        long budget = Limits.MATCH_CONDITIONS;
        for (Condition condition : conditions) {
            Result result =
                    condition.expression().evaluate(variables, Math.min(budget, Limits.PER_CALL));
            budget -= result.cost();
            switch (result) {
                case Result.Value(Object value, _) -> {
                    if (!Boolean.TRUE.equals(value)) {
                        return new Outcome.NoMatch();
                    }
                }
                case Result.Failure failure ->
                        failures.add(
                                "expression '"
                                        + condition.expression().text()
                                        + "' resulted in error: "
                                        + failure.message());
            }
        }
        if (failures.isEmpty()) {
            return new Outcome.Match();
        }
        return new Outcome.Error(
                failures.size() == 1
                        ? failures.getFirst()
                        : failures.stream().collect(Collectors.joining(", ", "[", "]")));
    }
}
