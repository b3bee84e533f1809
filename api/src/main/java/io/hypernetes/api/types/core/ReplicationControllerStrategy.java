package io.hypernetes.api.types.core;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Counts;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/** ReplicationControllers. */
public final class ReplicationControllerStrategy extends KindStrategy {

    public ReplicationControllerStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    /** What is not said of the controller is what is said of its pods. */
    @Override
    public void applyDefaults(ObjectNode controller) {
        ObjectNode spec = Trees.child(controller, "spec");
        if (spec.get("template") instanceof ObjectNode) {
            PodTemplates.applyDefaults(spec);
        }
        if (Trees.at(spec, "template", "metadata", "labels") instanceof ObjectNode labels
                && !labels.isEmpty()) {
            if (spec.path("selector").isEmpty()) {
                spec.set("selector", labels.deepCopy());
            }
            if (Metadata.labels(controller).isEmpty()) {
                Metadata.ensureMetadata(controller).set("labels", labels.deepCopy());
            }
        }
        Trees.setDefault(spec, "replicas", 1);
    }

    @Override
    public void prepareForCreate(ObjectNode controller) {
        controller.putObject("status").put("replicas", 0);
    }

    @Override
    protected void rules(Field controller) {
        Field spec = controller.at("spec");
        Counts.notNegative(spec, "minReadySeconds");
        if (!spec.at("selector").isGiven()) {
            spec.at("selector").tellRequired("");
        }
        spec.at("replicas").notNegative();
        Field template = spec.at("template");
        if (!template.isSet()) {
            template.tellRequired("");
            return;
        }
        Map<String, String> labels = Metadata.labels(template.object());
        boolean selects =
                spec.at("selector").keys().stream()
                        .allMatch(key ->
                                spec.at("selector").key(key).is(labels.getOrDefault(key, "\0")));
        if (!selects) {
            template.at("metadata", "labels")
                    .invalid("`selector` does not match template `labels`");
        }
        PodSpecRules.ofTemplate(template);
        PodTemplates.alwaysRestarted(template, "ReplicationController");
    }

    @Override
    protected void statusRules(Field controller, Field old) {
        Counts.replicaStatus(controller.at("status"));
    }

    @Override
    public List<String> selectableFields() {
        return List.of("status.replicas");
    }

    @Override
    public String selectableValue(ObjectNode controller, String field) {
        return Long.toString(Trees.at(controller, "status", "replicas").asLong(0));
    }

    @Override
    public List<String> warningsOnCreate(ObjectNode controller) {
        return PodWarnings.of(Field.root(controller, new Errors()).at("spec", "template"));
    }
}
