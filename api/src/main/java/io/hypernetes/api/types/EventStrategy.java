package io.hypernetes.api.types;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Events of the core group. */
final class EventStrategy extends KindStrategy {

    EventStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    void rules(ObjectNode event, Errors errors) {
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
