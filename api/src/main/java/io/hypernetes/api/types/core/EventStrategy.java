package io.hypernetes.api.types.core;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Events of the core group. */
public final class EventStrategy extends KindStrategy {

    public EventStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    protected void rules(Field object) {
        ObjectNode event = object.object();
        Errors errors = object.errors();
        String namespace = Trees.text(event, "involvedObject", "namespace");
        boolean clusterScoped = namespace.isEmpty();
        String own = Metadata.namespace(event);
        if (clusterScoped
                ? !own.equals("default") && !own.equals("kube-system")
                : !namespace.equals(own)) {
            errors.invalidText(
                    "involvedObject.namespace", namespace, "does not match event.namespace");
        }
    }

    @Override
    public List<String> selectableFields() {
        return List.of(
                "involvedObject.kind",
                "involvedObject.namespace",
                "involvedObject.name",
                "involvedObject.uid",
                "involvedObject.apiVersion",
                "involvedObject.resourceVersion",
                "involvedObject.fieldPath",
                "reason",
                "reportingComponent",
                "source",
                "type");
    }

    @Override
    public String selectableValue(ObjectNode event, String field) {
        if (!field.equals("source")) {
            return super.selectableValue(event, field);
        }
        String component = Trees.text(event, "source", "component");
        return component.isEmpty() ? Trees.text(event, "reportingComponent") : component;
    }
}
