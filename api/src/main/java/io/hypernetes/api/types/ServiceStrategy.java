package io.hypernetes.api.types;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Services. Their addresses are allocated elsewhere. */
final class ServiceStrategy extends KindStrategy {

    ServiceStrategy() {
        super(Scope.NAMESPACED, Names::dns1035Label);
    }

    @Override
    public void applyDefaults(ObjectNode service) {
        ObjectNode spec = Trees.child(service, "spec");
        Trees.setDefault(spec, "type", "ClusterIP");
        Trees.setDefault(spec, "sessionAffinity", "None");
        if (!Trees.text(spec, "type").equals("ExternalName")) {
            Trees.setDefault(spec, "internalTrafficPolicy", "Cluster");
        }
        for (ObjectNode port : Trees.objects(spec.path("ports"))) {
            Trees.setDefault(port, "protocol", "TCP");
            if (!Trees.has(port, "targetPort") && Trees.has(port, "port")) {
                port.set("targetPort", port.path("port"));
            }
        }
    }

    @Override
    public void prepareForCreate(ObjectNode service) {
        service.putObject("status").putObject("loadBalancer");
    }

    @Override
    void rules(ObjectNode service, Errors errors) {
        String type = Trees.text(service, "spec", "type");
        errors.oneOf(
                "spec.type",
                type,
                List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"));
        errors.oneOf(
                "spec.sessionAffinity",
                Trees.text(service, "spec", "sessionAffinity"),
                List.of("ClientIP", "None"));
        List<ObjectNode> ports = Trees.objects(Trees.at(service, "spec", "ports"));
        boolean headless = Trees.text(service, "spec", "clusterIP").equals("None");
        if (ports.isEmpty() && !headless && !type.equals("ExternalName")) {
            errors.required("spec.ports", "");
        }
        if (type.equals("ExternalName")) {
            String name = Trees.text(service, "spec", "externalName");
            if (name.isEmpty()) {
                errors.required("spec.externalName", "");
            }
        }
        ports(ports, errors);
        ObjectMetaValidation.labels(
                "spec.selector", PodRules.texts(service.path("spec").path("selector")), errors);
    }

    private static void ports(List<ObjectNode> ports, Errors errors) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < ports.size(); i++) {
            ObjectNode port = ports.get(i);
            String field = "spec.ports[" + i + "]";
            String name = Trees.text(port, "name");
            if (name.isEmpty() && ports.size() > 1) {
                errors.required(field + ".name", "");
            } else if (!name.isEmpty()) {
                errors.form(field + ".name", name, Names.dnsLabel(name));
                if (!names.add(name)) {
                    errors.add(FieldError.duplicate(field + ".name", name));
                }
            }
            PodRules.port(field + ".port", Trees.at(port, "port").asLong(0), errors);
            errors.oneOf(
                    field + ".protocol",
                    Trees.text(port, "protocol"),
                    List.of("SCTP", "TCP", "UDP"));
            if (port.path("targetPort").isNumber()) {
                PodRules.port(field + ".targetPort", port.path("targetPort").asLong(0), errors);
            } else {
                String target = Trees.text(port, "targetPort");
                errors.form(field + ".targetPort", target, Names.portName(target));
            }
        }
    }

    @Override
    public List<String> selectableFields() {
        return List.of("spec.clusterIP", "spec.type");
    }
}
