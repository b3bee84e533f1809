package io.hypernetes.api.apply;

import io.hypernetes.api.apply.FieldSet.Step;
import io.hypernetes.api.apply.Forms.Form;
import io.hypernetes.api.schema.Schema;

import java.util.ArrayList;
import java.util.List;

/**
 * Fits what a manager owns to a schema that has changed since: of what became atomic, who owned a
 * part owns the whole. What became granular stays as it is.
 */
final class SchemaChanges {

    private SchemaChanges() {}

    static FieldSet fit(Schema schema, FieldSet owned) {
        List<Step> fitted = List.of();
        List<Step> steps = owned.steps();
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            if (step.below().isEmpty()) {
                continue;
            }
            Step now = fit(Forms.below(schema, step.element()), step);
            if (now != step) {
                fitted = fitted.isEmpty() ? new ArrayList<>(steps) : fitted;
                fitted.set(i, now);
            }
        }
        return fitted.isEmpty() ? owned : new FieldSet(fitted);
    }

    private static Step fit(Schema schema, Step step) {
        if (schema instanceof Schema.Scalar || schema instanceof Schema.Any) {
            return step;
        }
        if (Forms.of(schema, null) == Form.LEAF) {
            return new Step(step.element(), true, FieldSet.EMPTY);
        }
        FieldSet below = fit(schema, step.below());
        return below == step.below() ? step : new Step(step.element(), step.member(), below);
    }
}
