package io.hypernetes.api.types.core;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** PodTemplates. */
public final class PodTemplateStrategy extends KindStrategy {

    public PodTemplateStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode template) {
        PodTemplates.applyDefaults(template);
    }

    @Override
    public JsonNode desired(ObjectNode template) {
        return template.path("template");
    }

    @Override
    protected void rules(Field template) {
        PodSpecRules.ofTemplate(template.at("template"));
    }

    @Override
    public List<String> warningsOnCreate(ObjectNode template) {
        return PodWarnings.of(Field.root(template, new Errors()).at("template"));
    }
}
