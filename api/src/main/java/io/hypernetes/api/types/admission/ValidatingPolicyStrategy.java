package io.hypernetes.api.types.admission;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** ValidatingAdmissionPolicies; whether their expressions compile is told elsewhere. */
public final class ValidatingPolicyStrategy extends KindStrategy {

    private static final int MAX_ANNOTATIONS = 20;
    private static final int MAX_ANNOTATION_EXPRESSION = 5 * 1024;
    private static final String NEITHER =
            "validations or auditAnnotations must contain at least one item";

    public ValidatingPolicyStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode policy) {
        ObjectNode spec = Trees.child(policy, "spec");
        Trees.setDefault(spec, "failurePolicy", "Fail");
        if (spec.path("matchConstraints") instanceof ObjectNode match) {
            PolicyRules.matchDefaults(match);
        }
    }

    @Override
    protected boolean anyFinalizers() {
        return true;
    }

    @Override
    public void prepareForCreate(ObjectNode policy) {
        policy.putObject("status");
    }

    @Override
    protected void rules(Field policy) {
        Field spec = policy.at("spec");
        PolicyRules.failurePolicy(spec.at("failurePolicy"));
        PolicyRules.paramKind(spec.at("paramKind"));
        MatchRules.resources(spec.at("matchConstraints"), true);
        MatchRules.conditions(spec.at("matchConditions"));
        PolicyRules.variables(spec.at("variables"));
        Field validations = spec.at("validations");
        Field annotations = spec.at("auditAnnotations");
        if (!validations.isGiven() && !annotations.isGiven()) {
            validations.tellRequired(NEITHER);
            annotations.tellRequired(NEITHER);
            return;
        }
        validations.items().forEach(ValidatingPolicyStrategy::validation);
        annotations(annotations, policy.at("metadata", "name").text());
    }

    private static void validation(Field validation) {
        PolicyRules.expression(validation.at("expression"), "expression is not specified");
        Field computed = validation.at("messageExpression");
        if (computed.isGiven() && computed.text().isBlank()) {
            computed.invalid("must be non-empty if specified");
        }
        Field message = validation.at("message");
        if (message.isGiven() && message.text().isBlank()) {
            message.invalid("message must be non-empty if specified");
        } else if (message.text().strip().chars().anyMatch(c -> c == '\n' || c == '\r')) {
            message.invalid("message must not contain line breaks");
        }
        Field reason = validation.at("reason");
        if (reason.isSet()) {
            reason.oneOf("Forbidden", "Invalid", "RequestEntityTooLarge");
        }
    }

    private static void annotations(Field annotations, String policy) {
        List<Field> all = annotations.items();
        if (all.size() > MAX_ANNOTATIONS) {
            annotations.invalid("must not have more than " + MAX_ANNOTATIONS + " auditAnnotations");
        }
        Set<String> keys = new HashSet<>();
        for (Field annotation : all) {
            Field key = annotation.at("key");
            if (policy.isEmpty()) {
                key.invalid(key.text(), "requires metadata.name be non-empty");
            } else {
                String name = policy + "/" + key.text();
                Names.qualifiedName(name).forEach(wrong -> key.invalid(name, wrong));
            }
            Field value = annotation.at("valueExpression");
            if (value.text().isBlank()) {
                value.tellRequired("valueExpression is not specified");
            } else if (value.text().strip().length() > MAX_ANNOTATION_EXPRESSION) {
                value.tellRequired(
                        "must not exceed " + MAX_ANNOTATION_EXPRESSION + " bytes in length");
            }
            if (!keys.add(key.text())) {
                key.duplicate(key.text());
            }
        }
    }

    @Override
    protected void statusRules(Field policy, Field old) {
        for (Field warning : policy.at("status", "typeChecking", "expressionWarnings").items()) {
            warning.at("warning").required();
            if (warning.at("fieldRef").text().isBlank()) {
                warning.at("fieldRef").tellRequired("");
            }
        }
    }
}
