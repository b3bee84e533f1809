package io.hypernetes.server.matching;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.cel.CompilationException;
import io.hypernetes.cel.Environment;
import io.hypernetes.cel.Expression;
import io.hypernetes.server.admission.AdmissionController;
import io.hypernetes.server.admission.AdmissionRequest;
import io.hypernetes.store.Compare;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The {@code matchConditions} of webhooks and policies must compile when they are written. What an
 * older release let in stays: an update is asked for the expressions that are new.
 */
public final class ExpressionRules implements AdmissionController {

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        if (!request.writes() || !request.subresource().isEmpty()) {
            return List.of();
        }
        Check check = new Check(new HashSet<>(), new ArrayList<>());
        if (request.isFor(ExtensionTypes.MUTATING_WEBHOOK_CONFIGURATIONS)
                || request.isFor(ExtensionTypes.VALIDATING_WEBHOOK_CONFIGURATIONS)) {
            request.old().ifPresent(old -> old.path("webhooks").forEach(check::known));
            JsonNode webhooks = request.object().path("webhooks");
            for (int i = 0; i < webhooks.size(); i++) {
                check.conditions(webhooks.get(i), "webhooks[" + i + "]", false);
            }
        } else if (request.isFor(ExtensionTypes.VALIDATING_ADMISSION_POLICIES)
                || request.isFor(ExtensionTypes.MUTATING_ADMISSION_POLICIES)) {
            request.old().ifPresent(old -> check.known(old.path("spec")));
            JsonNode spec = request.object().path("spec");
            check.conditions(spec, "spec", spec.path("paramKind").isObject());
        }
        if (!check.errors().isEmpty()) {
            throw ApiException.invalid(
                    request.type().groupVersionKind(), request.name(), check.errors());
        }
        return List.of();
    }

    /**
     * @param old the expressions that were there before
     */
    private record Check(Set<String> old, List<FieldError> errors) {

        void known(JsonNode owner) {
            owner.path("matchConditions").forEach(condition -> old.add(expression(condition)));
        }

        void conditions(JsonNode owner, String path, boolean parameters) {
            Environment environment = Environments.request(parameters);
            JsonNode conditions = owner.path("matchConditions");
            for (int i = 0; i < conditions.size(); i++) {
                String text = expression(conditions.get(i));
                if (!old.contains(text)) {
                    compile(environment, text, path + ".matchConditions[" + i + "].expression");
                }
            }
        }

        private void compile(Environment environment, String text, String path) {
            try {
                Expression compiled = environment.compile(text);
                if (!compiled.isBoolean()) {
                    errors.add(
                            FieldError.invalidText(
                                    path,
                                    text,
                                    "must evaluate to bool but got " + compiled.typeName()));
                }
            } catch (CompilationException e) {
                errors.add(FieldError.invalidText(path, text, "compilation failed: " + e.text()));
            }
        }

        private static String expression(JsonNode condition) {
            return condition.path("expression").asString("");
        }
    }
}
