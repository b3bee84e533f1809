package io.hypernetes.api.types.apps;

import io.hypernetes.api.FieldError.Type;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.core.PodSpecRules;
import io.hypernetes.api.types.core.PodTemplates;
import io.hypernetes.api.types.core.PodWarnings;
import io.hypernetes.api.types.kind.Counts;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.SelectorRules;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** DaemonSets. */
public final class DaemonSetStrategy extends KindStrategy {

    /**
     * Where apps/v1 keeps a counter of the template's changes that older versions had a field for.
     */
    private static final String TEMPLATE_GENERATION = "deprecated.daemonset.template.generation";

    public DaemonSetStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode set) {
        ObjectNode spec = Trees.child(set, "spec");
        PodTemplates.applyDefaults(spec);
        ObjectNode strategy = Trees.child(spec, "updateStrategy");
        Trees.setDefault(strategy, "type", "RollingUpdate");
        if (Trees.text(strategy, "type").equals("RollingUpdate")) {
            ObjectNode rolling = Trees.child(strategy, "rollingUpdate");
            Trees.setDefault(rolling, "maxUnavailable", 1);
            Trees.setDefault(rolling, "maxSurge", 0);
        }
        Trees.setDefault(spec, "revisionHistoryLimit", 10);
        ObjectNode annotations = Metadata.ensureAnnotations(set);
        if (!annotations.has(TEMPLATE_GENERATION)) {
            annotations.put(TEMPLATE_GENERATION, "0"); // its creator's, as upstream has it
        }
    }

    @Override
    public void prepareForCreate(ObjectNode set) {
        ObjectNode status = set.putObject("status");
        for (String count :
                List.of(
                        "currentNumberScheduled",
                        "numberMisscheduled",
                        "desiredNumberScheduled",
                        "numberReady")) {
            status.put(count, 0);
        }
        Metadata.ensureAnnotations(set).put(TEMPLATE_GENERATION, "1");
    }

    @Override
    public void prepareForUpdate(ObjectNode set, ObjectNode old) {
        super.prepareForUpdate(set, old);
        String before = Metadata.annotation(old, TEMPLATE_GENERATION);
        long generation = before.matches("[0-9]{1,18}") ? Long.parseLong(before) : 1;
        // What a client leaves out and gets by default is no change.
        ObjectNode whole = set.deepCopy();
        applyDefaults(whole);
        boolean same =
                Json.same(Trees.at(whole, "spec", "template"), Trees.at(old, "spec", "template"));
        Metadata.ensureAnnotations(set)
                .put(TEMPLATE_GENERATION, Long.toString(same ? generation : generation + 1));
    }

    @Override
    protected void rules(Field set) {
        Field spec = set.at("spec");
        Field selector = spec.at("selector");
        SelectorRules.check(selector);
        PodTemplates.matches(spec, "");
        if (selector.isSet() && PodTemplates.isEmpty(selector)) {
            selector.invalid(
                    SelectorRules.shown(selector), "empty selector is invalid for daemonset");
        }
        PodSpecRules.ofTemplate(spec.at("template"));
        PodTemplates.alwaysRestarted(spec.at("template"), "DaemonSet");
        spec.at("minReadySeconds").notNegative();
        strategy(spec.at("updateStrategy"));
        spec.at("revisionHistoryLimit").ifSet().notNegative();
    }

    private static void strategy(Field strategy) {
        switch (strategy.at("type").text()) {
            case "OnDelete" -> {}
            case "RollingUpdate" -> {
                if (strategy.at("rollingUpdate").isSet()) {
                    rollingUpdate(strategy.at("rollingUpdate"));
                } else {
                    strategy.at("rollingUpdate").tellRequired("");
                }
            }
            default ->
                    strategy.error(
                            Type.NOT_SUPPORTED,
                            "Unsupported value: "
                                    + Json.text(PodTemplates.shown(strategy))
                                    + ": supported values: \"RollingUpdate\", \"OnDelete\"");
        }
    }

    private static void rollingUpdate(Field rolling) {
        Field unavailable = rolling.at("maxUnavailable");
        Field surge = rolling.at("maxSurge");
        Counts.numberOrPercent(unavailable);
        Counts.numberOrPercent(surge);
        Counts.atMostAll(unavailable);
        Counts.atMostAll(surge);
        if (Counts.value(unavailable) != 0 && Counts.value(surge) != 0) {
            surge.invalid("may not be set when maxUnavailable is non-zero");
        } else if (Counts.value(unavailable) == 0 && Counts.value(surge) == 0) {
            unavailable.tellRequired("cannot be 0 when maxSurge is 0");
        }
    }

    @Override
    protected void updateRules(Field set, Field old) {
        set.at("spec", "selector").immutable(old.at("spec", "selector"));
    }

    @Override
    protected void statusRules(Field set, Field old) {
        Field status = set.at("status");
        Counts.notNegative(
                status,
                "currentNumberScheduled",
                "numberMisscheduled",
                "desiredNumberScheduled",
                "numberReady",
                "observedGeneration",
                "updatedNumberScheduled",
                "numberAvailable",
                "numberUnavailable",
                "collisionCount");
        Counts.notDecremented(status.at("collisionCount"), old.at("status", "collisionCount"));
    }

    @Override
    public List<String> warningsOnCreate(ObjectNode set) {
        return PodWarnings.of(Field.root(set, new Errors()).at("spec", "template"));
    }
}
