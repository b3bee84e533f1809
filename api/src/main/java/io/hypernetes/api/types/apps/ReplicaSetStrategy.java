package io.hypernetes.api.types.apps;

import io.hypernetes.api.Scope;
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

/** ReplicaSets. */
public final class ReplicaSetStrategy extends KindStrategy {

    public ReplicaSetStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode set) {
        ObjectNode spec = Trees.child(set, "spec");
        PodTemplates.applyDefaults(spec);
        Trees.setDefault(spec, "replicas", 1);
    }

    @Override
    public void prepareForCreate(ObjectNode set) {
        set.putObject("status").put("replicas", 0);
    }

    @Override
    protected void rules(Field set) {
        Field spec = set.at("spec");
        Counts.notNegative(spec, "replicas", "minReadySeconds");
        PodTemplates.selector(spec, "deployment", "invalid label selector");
        if (SelectorRules.parse(spec.at("selector")).isPresent()) {
            PodSpecRules.ofTemplate(spec.at("template"));
            PodTemplates.alwaysRestarted(spec.at("template"), "ReplicaSet");
        }
    }

    @Override
    protected void updateRules(Field set, Field old) {
        set.at("spec", "selector").immutable(old.at("spec", "selector"));
    }

    @Override
    protected void statusRules(Field set, Field old) {
        Counts.replicaStatus(set.at("status"));
    }

    @Override
    public List<String> selectableFields() {
        return List.of("status.replicas");
    }

    @Override
    public String selectableValue(ObjectNode set, String field) {
        return Long.toString(Trees.at(set, "status", "replicas").asLong(0));
    }

    @Override
    public List<String> warningsOnCreate(ObjectNode set) {
        return PodWarnings.of(Field.root(set, new Errors()).at("spec", "template"));
    }
}
