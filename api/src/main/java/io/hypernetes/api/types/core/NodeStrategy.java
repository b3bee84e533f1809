package io.hypernetes.api.types.core;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Nodes: an agent registers its machine together with the machine's status. */
public final class NodeStrategy extends KindStrategy {

    public NodeStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    public JsonNode desired(ObjectNode object) {
        return NO_GENERATIONS;
    }

    @Override
    public void prepareForCreate(ObjectNode node) {
        // The status is kept: what a node has is known when it registers.
    }

    @Override
    protected void rules(Field object) {
        ObjectNode node = object.object();
        Errors errors = object.errors();
        List<ObjectNode> taints = Trees.objects(Trees.at(node, "spec", "taints"));
        Set<String> known = new HashSet<>();
        for (int i = 0; i < taints.size(); i++) {
            String field = "spec.taints[" + i + "]";
            String key = Trees.text(taints.get(i), "key");
            errors.form(field + ".key", key, Names.qualifiedName(key));
            String value = Trees.text(taints.get(i), "value");
            errors.form(field + ".value", value, Names.labelValue(value));
            String effect = Trees.text(taints.get(i), "effect");
            if (effect.isEmpty()) {
                errors.required(field + ".effect", "");
            } else {
                errors.oneOf(field + ".effect", effect, PodSpecRules.TAINT_EFFECTS);
            }
            if (!known.add(key + "=" + effect)) {
                errors.add(
                        new FieldError(
                                field,
                                FieldError.Type.DUPLICATE,
                                "Duplicate value: "
                                        + Json.text(taints.get(i))
                                        + ": taints must be unique by key and effect pair"));
            }
        }
    }

    @Override
    protected void updateRules(Field object, Field before) {
        ObjectNode node = object.object();
        ObjectNode old = before.object();
        Errors errors = object.errors();
        if (Trees.has(old, "spec", "providerID")) {
            String was = Trees.text(old, "spec", "providerID");
            if (!Trees.text(node, "spec", "providerID").equals(was)) {
                errors.forbidden(
                        "spec.providerID",
                        "node updates may not change providerID except from \"\" to valid");
            }
        }
    }

    @Override
    public List<String> selectableFields() {
        return List.of("spec.unschedulable");
    }

    @Override
    public String selectableValue(ObjectNode node, String field) {
        return Boolean.toString(Trees.at(node, "spec", "unschedulable").asBoolean(false));
    }
}
