package io.hypernetes.api.types.resource;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.MetadataRules;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** ResourceClaimTemplates: claims that are made for each pod. */
public final class ClaimTemplateStrategy extends KindStrategy {

    public ClaimTemplateStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode template) {
        DeviceRequestRules.applyDefaults(Trees.child(Trees.child(template, "spec"), "spec"));
    }

    @Override
    public JsonNode desired(ObjectNode template) {
        return MissingNode.getInstance();
    }

    @Override
    protected void rules(Field template) {
        Field metadata = template.at("spec", "metadata");
        MetadataRules.labels(metadata.at("labels"));
        MetadataRules.annotations(metadata.at("annotations"));
        for (String field : metadata.keys()) {
            if (!field.equals("labels") && !field.equals("annotations")) {
                // Upstream makes the name of a Go field one of JSON.
                metadata.at(field.equals("uid") ? "uID" : field)
                        .with(metadata.at(field).value())
                        .forbiddenIfGiven("cannot be set");
            }
        }
        DeviceRequestRules.check(template.at("spec", "spec", "devices"));
    }

    @Override
    protected void updateRules(Field template, Field old) {
        template.at("spec").immutable(old.at("spec"));
    }
}
