package io.hypernetes.api.types.admission;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** MutatingAdmissionPolicies; whether their expressions compile is told elsewhere. */
public final class MutatingPolicyStrategy extends KindStrategy {

    public MutatingPolicyStrategy() {
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
    protected void rules(Field policy) {
        Field spec = policy.at("spec");
        PolicyRules.failurePolicy(spec.at("failurePolicy"));
        PolicyRules.paramKind(spec.at("paramKind"));
        MatchRules.resources(spec.at("matchConstraints"), true);
        MatchRules.mutating(spec.at("matchConstraints"));
        MatchRules.conditions(spec.at("matchConditions"));
        PolicyRules.variables(spec.at("variables"));
        spec.at("mutations").required("mutations must contain at least one item");
        spec.at("mutations").items().forEach(MutatingPolicyStrategy::mutation);
        Field again = spec.at("reinvocationPolicy");
        if (again.isGiven()) {
            again.oneOf(MatchRules.REINVOCATION_POLICIES);
        } else {
            again.tellRequired("");
        }
    }

    private static void mutation(Field mutation) {
        Field type = mutation.at("patchType");
        Field apply = mutation.at("applyConfiguration");
        Field patch = mutation.at("jsonPatch");
        switch (type.text()) {
            case "" -> type.tellRequired("");
            case "ApplyConfiguration" -> {
                chosen(apply, type.text());
                patch.forbiddenIfSet("must not be specified when patchType is ApplyConfiguration");
            }
            case "JSONPatch" -> {
                chosen(patch, type.text());
                apply.forbiddenIfSet("must not be specified when patchType is JSONPatch");
            }
            default -> type.notSupported(List.of("ApplyConfiguration", "JSONPatch"));
        }
    }

    private static void chosen(Field part, String type) {
        if (part.isSet()) {
            PolicyRules.expression(part.at("expression"), "");
        } else {
            part.tellRequired("must be specified when patchType is " + type);
        }
    }
}
