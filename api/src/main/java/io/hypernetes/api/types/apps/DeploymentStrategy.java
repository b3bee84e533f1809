package io.hypernetes.api.types.apps;

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

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Deployments. */
public final class DeploymentStrategy extends KindStrategy {

    public DeploymentStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode deployment) {
        ObjectNode spec = Trees.child(deployment, "spec");
        PodTemplates.applyDefaults(spec);
        Trees.setDefault(spec, "replicas", 1);
        ObjectNode strategy = Trees.child(spec, "strategy");
        Trees.setDefault(strategy, "type", "RollingUpdate");
        if (Trees.text(strategy, "type").equals("RollingUpdate")) {
            ObjectNode rolling = Trees.child(strategy, "rollingUpdate");
            Trees.setDefault(rolling, "maxUnavailable", "25%");
            Trees.setDefault(rolling, "maxSurge", "25%");
        }
        Trees.setDefault(spec, "revisionHistoryLimit", 10);
        Trees.setDefault(spec, "progressDeadlineSeconds", 600);
    }

    @Override
    public void prepareForCreate(ObjectNode deployment) {
        deployment.putObject("status");
    }

    /** Labels are left alone, too. */
    @Override
    public void prepareForStatusUpdate(ObjectNode deployment, ObjectNode old) {
        super.prepareForStatusUpdate(deployment, old);
        Trees.copy("labels", Metadata.ensureMetadata(old), Metadata.ensureMetadata(deployment));
    }

    /** Annotations count: the controller copies them to its replica sets. */
    @Override
    public JsonNode desired(ObjectNode deployment) {
        ObjectNode desired = Json.object();
        desired.set("spec", deployment.path("spec"));
        JsonNode annotations = deployment.path("metadata").path("annotations");
        if (!annotations.isEmpty()) {
            desired.set("annotations", annotations);
        }
        return desired;
    }

    @Override
    protected void rules(Field deployment) {
        Field spec = deployment.at("spec");
        spec.at("replicas").notNegative();
        PodTemplates.selector(spec, "deployment", "invalid label selector");
        if (SelectorRules.parse(spec.at("selector")).isPresent()) {
            PodSpecRules.ofTemplate(spec.at("template"));
            PodTemplates.alwaysRestarted(spec.at("template"), "ReplicaSet");
        }
        strategy(spec.at("strategy"));
        spec.at("minReadySeconds").notNegative();
        spec.at("revisionHistoryLimit").ifSet().notNegative();
        Field deadline = spec.at("progressDeadlineSeconds");
        if (deadline.isSet()) {
            deadline.notNegative();
            if (deadline.number() <= spec.at("minReadySeconds").number()) {
                deadline.invalid("must be greater than minReadySeconds");
            }
        }
    }

    private static void strategy(Field strategy) {
        Field rolling = strategy.at("rollingUpdate");
        switch (strategy.at("type").text()) {
            case "Recreate" ->
                    rolling.forbiddenIfSet(
                            "may not be specified when strategy `type` is 'Recreate'");
            case "RollingUpdate" -> rollingUpdate(rolling);
            default ->
                    strategy.error(
                            io.hypernetes.api.FieldError.Type.NOT_SUPPORTED,
                            "Unsupported value: "
                                    + Json.text(PodTemplates.shown(strategy))
                                    + ": supported values: \"Recreate\", \"RollingUpdate\"");
        }
    }

    private static void rollingUpdate(Field rolling) {
        Field unavailable = rolling.at("maxUnavailable");
        Field surge = rolling.at("maxSurge");
        Counts.numberOrPercent(unavailable);
        Counts.numberOrPercent(surge);
        if (Counts.value(unavailable) == 0 && Counts.value(surge) == 0) {
            unavailable.invalid("may not be 0 when `maxSurge` is 0");
        }
        Counts.atMostAll(unavailable);
    }

    @Override
    protected void updateRules(Field deployment, Field old) {
        deployment.at("spec", "selector").immutable(old.at("spec", "selector"));
    }

    @Override
    protected void statusRules(Field deployment, Field old) {
        Field status = deployment.at("status");
        Counts.notNegative(
                status,
                "observedGeneration",
                "replicas",
                "updatedReplicas",
                "readyReplicas",
                "availableReplicas",
                "unavailableReplicas",
                "collisionCount");
        Counts.withinReplicas(
                status, List.of("updatedReplicas", "readyReplicas", "availableReplicas"));
        Counts.availableWithinReady(status, "readyReplicas");
        Counts.notDecremented(status.at("collisionCount"), old.at("status", "collisionCount"));
    }

    @Override
    public List<String> warningsOnCreate(ObjectNode deployment) {
        return PodWarnings.of(Field.root(deployment, new Errors()).at("spec", "template"));
    }
}
