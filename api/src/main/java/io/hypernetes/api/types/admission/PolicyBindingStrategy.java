package io.hypernetes.api.types.admission;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.Set;

/** ValidatingAdmissionPolicyBindings and MutatingAdmissionPolicyBindings. */
public final class PolicyBindingStrategy extends KindStrategy {

    private final boolean validating;

    private PolicyBindingStrategy(boolean validating) {
        super(Scope.CLUSTER, Names::dnsSubdomain);
        this.validating = validating;
    }

    public static PolicyBindingStrategy validating() {
        return new PolicyBindingStrategy(true);
    }

    public static PolicyBindingStrategy mutating() {
        return new PolicyBindingStrategy(false);
    }

    @Override
    public void applyDefaults(ObjectNode binding) {
        if (binding.path("spec").path("matchResources") instanceof ObjectNode match) {
            PolicyRules.matchDefaults(match);
        }
    }

    @Override
    protected boolean anyFinalizers() {
        return true;
    }

    @Override
    protected void rules(Field binding) {
        Field spec = binding.at("spec");
        PolicyRules.policyName(spec.at("policyName"));
        PolicyRules.paramRef(spec.at("paramRef"));
        MatchRules.resources(spec.at("matchResources"), false);
        if (!validating) {
            MatchRules.mutating(spec.at("matchResources"));
        }
        if (validating) {
            actions(spec.at("validationActions"));
        }
    }

    private static void actions(Field actions) {
        Set<String> seen = new HashSet<>();
        for (Field action : actions.items()) {
            action.oneOf("Audit", "Deny", "Warn");
            if (!seen.add(action.text())) {
                action.duplicate();
            }
        }
        if (seen.contains("Deny") && seen.contains("Warn")) {
            actions.invalid(
                    "must not contain both Deny and Warn (repeating the same validation failure"
                            + " information in the API response and headers serves no purpose)");
        }
        if (seen.isEmpty()) {
            actions.tellRequired("at least one validation action is required");
        }
    }
}
