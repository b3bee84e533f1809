package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.SelectorRules;

import java.util.HashSet;
import java.util.Set;

/** Rules for where a pod wants to be: near which nodes, near or far from which pods. */
public final class AffinityRules {

    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

    private AffinityRules() {}

    static void check(Field affinity) {
        Field nodes = affinity.at("nodeAffinity");
        if (nodes.at(REQUIRED).isSet()) {
            nodeSelector(nodes.at(REQUIRED));
        }
        for (Field preferred : nodes.at(PREFERRED).items()) {
            weight(preferred.at("weight"));
            nodeTerm(preferred.at("preference"), false);
        }
        for (String pods : new String[] {"podAffinity", "podAntiAffinity"}) {
            affinity.at(pods, REQUIRED).items().forEach(AffinityRules::podTerm);
            for (Field preferred : affinity.at(pods, PREFERRED).items()) {
                weight(preferred.at("weight"));
                podTerm(preferred.at("podAffinityTerm"));
            }
        }
    }

    private static void weight(Field weight) {
        if (weight.number() <= 0 || weight.number() > 100) {
            weight.invalid(weight.number(), "must be in the range 1-100");
        }
    }

    /** At least one term; also of volumes. */
    public static void nodeSelector(Field selector) {
        Field terms = selector.at("nodeSelectorTerms");
        if (!terms.isGiven()) {
            terms.tellRequired("must have at least one node selector term");
        }
        terms.items().forEach(term -> nodeTerm(term, true));
    }

    private static void nodeTerm(Field term, boolean checksValues) {
        for (Field requirement : term.at("matchExpressions").items()) {
            nodeLabel(requirement, checksValues);
        }
        for (Field requirement : term.at("matchFields").items()) {
            nodeField(requirement);
        }
    }

    private static void nodeLabel(Field requirement, boolean checksValues) {
        Field values = requirement.at("values");
        switch (requirement.at("operator").text()) {
            case "In", "NotIn" -> {
                if (!values.isGiven()) {
                    values.tellRequired("must be specified when `operator` is 'In' or 'NotIn'");
                }
            }
            case "Exists", "DoesNotExist" ->
                    values.forbiddenIfGiven(
                            "may not be specified when `operator` is 'Exists' or"
                                    + " 'DoesNotExist'");
            case "Gt", "Lt" -> {
                if (values.items().size() != 1) {
                    values.tellRequired(
                            "must be specified single value when `operator` is 'Lt' or 'Gt'");
                }
            }
            default -> unknownOperator(requirement);
        }
        requirement.at("key").form(Names::qualifiedName);
        if (checksValues) {
            values.items().forEach(value -> value.form(Names::labelValue));
        }
    }

    private static void nodeField(Field requirement) {
        Field values = requirement.at("values");
        switch (requirement.at("operator").text()) {
            case "In", "NotIn" -> {
                if (values.items().size() != 1) {
                    values.tellRequired(
                            "must be only one value when `operator` is 'In' or 'NotIn' for node"
                                    + " field selector");
                }
            }
            default -> unknownOperator(requirement);
        }
        if (requirement.at("key").is("metadata.name")) {
            values.items().forEach(value -> value.form(Names::dnsSubdomain));
        } else {
            requirement
                    .at("key")
                    .invalid(requirement.at("key").text(), "not a valid field selector key");
        }
    }

    private static void unknownOperator(Field requirement) {
        requirement
                .at("operator")
                .invalid(requirement.at("operator").text(), "not a valid selector operator");
    }

    private static void podTerm(Field term) {
        SelectorRules.check(term.at("labelSelector"));
        SelectorRules.check(term.at("namespaceSelector"));
        for (String namespace : term.at("namespaces").texts()) {
            Names.dnsLabel(namespace)
                    .forEach(sentence -> term.at("namespace").invalid(namespace, sentence));
        }
        labelKeys(term, "matchLabelKeys");
        labelKeys(term, "mismatchLabelKeys");
        Set<String> mismatched = new HashSet<>(term.at("mismatchLabelKeys").texts());
        for (Field key : term.at("matchLabelKeys").items()) {
            if (mismatched.contains(key.text())) {
                key.invalid("exists in both matchLabelKeys and mismatchLabelKeys");
            }
        }
        if (!term.at("topologyKey").isGiven()) {
            term.at("topologyKey").tellRequired("can not be empty");
        }
        term.at("topologyKey").form(Names::qualifiedName);
    }

    private static void labelKeys(Field term, String field) {
        Field keys = term.at(field);
        if (!keys.isGiven()) {
            return;
        }
        if (!term.at("labelSelector").isSet()) {
            keys.forbidden("must not be specified when labelSelector is not set");
            return;
        }
        keys.items().forEach(key -> key.form(Names::qualifiedName));
    }
}
