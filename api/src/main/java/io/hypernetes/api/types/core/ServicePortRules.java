package io.hypernetes.api.types.core;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.Ports;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rules for the ports of one service: names, numbers and pairs of port and protocol differ. */
final class ServicePortRules {

    private final String type;
    private final Errors errors;
    private final Set<String> names = new HashSet<>();
    private final Set<String> numbers = new HashSet<>();
    private final Set<String> nodePorts = new HashSet<>();

    ServicePortRules(String type, Errors errors) {
        this.type = type;
        this.errors = errors;
    }

    void check(List<ObjectNode> ports) {
        for (int i = 0; i < ports.size(); i++) {
            String field = "spec.ports[" + i + "]";
            name(field + ".name", Trees.text(ports.get(i), "name"), ports.size() > 1);
            port(field, ports.get(i));
        }
        for (int i = 0; i < ports.size(); i++) {
            nodePort("spec.ports[" + i + "].nodePort", ports.get(i));
        }
        for (int i = 0; i < ports.size(); i++) {
            number("spec.ports[" + i + "]", ports.get(i));
        }
    }

    private void name(String field, String name, boolean required) {
        if (name.isEmpty() && required) {
            errors.required(field, "");
        } else if (!name.isEmpty()) {
            errors.form(field, name, Names.dnsLabel(name));
            if (!names.add(name)) {
                errors.add(FieldError.duplicate(field, name));
            }
        }
    }

    private void port(String field, ObjectNode port) {
        Field.root(port, errors).at("port").named(field + ".port").between(1, 65535);
        errors.oneOf(field + ".protocol", Trees.text(port, "protocol"), ContainerRules.PROTOCOLS);
        Ports.numberOrName(Field.root(port, errors).at("targetPort").named(field + ".targetPort"));
    }

    private void nodePort(String field, ObjectNode port) {
        long number = port.path("nodePort").asLong(0);
        if (number == 0) {
            return;
        }
        if (type.equals("ClusterIP")) {
            errors.forbidden(field, "may not be used when `type` is 'ClusterIP'");
        }
        if (!nodePorts.add(number + "/" + Trees.text(port, "protocol"))) {
            errors.add(
                    new FieldError(field, FieldError.Type.DUPLICATE, "Duplicate value: " + number));
        }
    }

    private void number(String field, ObjectNode port) {
        String protocol = Trees.text(port, "protocol");
        if (numbers.add(port.path("port").asLong(0) + "/" + protocol)) {
            return;
        }
        ObjectNode shown = Json.object();
        shown.put("Name", "").put("Protocol", protocol).putNull("AppProtocol");
        shown.put("Port", port.path("port").asLong(0));
        shown.put("TargetPort", 0).put("NodePort", 0);
        errors.add(
                new FieldError(
                        field, FieldError.Type.DUPLICATE, "Duplicate value: " + Json.text(shown)));
    }
}
