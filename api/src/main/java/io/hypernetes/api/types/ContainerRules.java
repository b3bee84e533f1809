package io.hypernetes.api.types;

import static io.hypernetes.api.types.Trees.has;
import static io.hypernetes.api.types.Trees.objects;
import static io.hypernetes.api.types.Trees.text;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.names.Names;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rules for the containers of one pod, whose names must differ. */
final class ContainerRules {

    private final Set<String> volumes;
    private final Set<String> names;
    private final Errors errors;

    ContainerRules(Set<String> volumes, Set<String> names, Errors errors) {
        this.volumes = volumes;
        this.names = names;
        this.errors = errors;
    }

    void check(String field, ObjectNode container) {
        name(field + ".name", text(container, "name"));
        String image = text(container, "image");
        if (image.isEmpty()) {
            errors.required(field + ".image", "");
        } else if (!image.strip().equals(image)) {
            errors.invalidText(
                    field + ".image", image, "must not have leading or trailing whitespace");
        }
        errors.oneOf(
                field + ".imagePullPolicy",
                text(container, "imagePullPolicy"),
                List.of("Always", "IfNotPresent", "Never"));
        errors.oneOf(
                field + ".terminationMessagePolicy",
                text(container, "terminationMessagePolicy"),
                List.of("FallbackToLogsOnError", "File"));
        ports(field, container);
        environment(field, container);
        mounts(field, container);
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.get(probe) instanceof ObjectNode settings) {
                probe(field + "." + probe, settings);
            }
        }
        Resources.rules(field + ".resources", container.path("resources"), errors);
    }

    private void name(String field, String name) {
        if (name.isEmpty()) {
            errors.required(field, "");
        } else {
            errors.form(field, name, Names.dnsLabel(name));
        }
        if (!names.add(name)) {
            errors.add(FieldError.duplicate(field, name));
        }
    }

    private void ports(String container, ObjectNode tree) {
        Set<String> portNames = new HashSet<>();
        List<ObjectNode> ports = objects(tree.path("ports"));
        for (int i = 0; i < ports.size(); i++) {
            ObjectNode port = ports.get(i);
            String field = container + ".ports[" + i + "]";
            String name = text(port, "name");
            if (!name.isEmpty()) {
                errors.form(field + ".name", name, Names.portName(name));
                if (!portNames.add(name)) {
                    errors.add(FieldError.duplicate(field + ".name", name));
                }
            }
            long number = port.path("containerPort").asLong(0);
            if (number == 0) {
                errors.required(field + ".containerPort", "");
            } else {
                PodRules.port(field + ".containerPort", number, errors);
            }
            if (has(port, "hostPort") && port.path("hostPort").asLong(0) != 0) {
                PodRules.port(field + ".hostPort", port.path("hostPort").asLong(0), errors);
            }
            errors.oneOf(
                    field + ".protocol", text(port, "protocol"), List.of("SCTP", "TCP", "UDP"));
        }
    }

    private void environment(String container, ObjectNode tree) {
        List<ObjectNode> variables = objects(tree.path("env"));
        for (int i = 0; i < variables.size(); i++) {
            ObjectNode variable = variables.get(i);
            String field = container + ".env[" + i + "]";
            String name = text(variable, "name");
            if (name.isEmpty()) {
                errors.required(field + ".name", "");
            } else {
                errors.form(field + ".name", name, Names.environmentVariable(name));
            }
            if (variable.get("valueFrom") instanceof ObjectNode source) {
                if (!text(variable, "value").isEmpty()) {
                    errors.invalidText(
                            field + ".valueFrom",
                            "",
                            "may not be specified when `value` is not empty");
                }
                if (source.isEmpty()) {
                    errors.invalidText(
                            field + ".valueFrom",
                            "",
                            "must specify one of: `fieldRef`, `resourceFieldRef`,"
                                    + " `configMapKeyRef` or `secretKeyRef`");
                }
            }
        }
    }

    private void mounts(String container, ObjectNode tree) {
        Set<String> paths = new HashSet<>();
        List<ObjectNode> mounts = objects(tree.path("volumeMounts"));
        for (int i = 0; i < mounts.size(); i++) {
            String field = container + ".volumeMounts[" + i + "]";
            String name = text(mounts.get(i), "name");
            if (name.isEmpty()) {
                errors.required(field + ".name", "");
            } else if (!volumes.contains(name)) {
                errors.add(FieldError.notFound(field + ".name", name));
            }
            String path = text(mounts.get(i), "mountPath");
            if (path.isEmpty()) {
                errors.required(field + ".mountPath", "");
            } else if (!paths.add(path)) {
                errors.invalidText(field + ".mountPath", path, "must be unique");
            }
            String subPath = text(mounts.get(i), "subPath");
            if (subPath.startsWith("/")) {
                errors.invalidText(field + ".subPath", subPath, "must be a relative path");
            }
            if (List.of(subPath.split("/")).contains("..")) {
                errors.invalidText(field + ".subPath", subPath, "must not contain '..'");
            }
        }
    }

    private void probe(String field, ObjectNode probe) {
        List<String> handlers =
                List.of("exec", "httpGet", "tcpSocket", "grpc").stream()
                        .filter(handler -> has(probe, handler))
                        .toList();
        if (handlers.isEmpty()) {
            errors.required(field, "must specify a handler type");
        }
        for (String extra : handlers.subList(Math.min(1, handlers.size()), handlers.size())) {
            errors.forbidden(field + "." + extra, "may not specify more than 1 handler type");
        }
        for (String number :
                List.of(
                        "initialDelaySeconds",
                        "timeoutSeconds",
                        "periodSeconds",
                        "successThreshold",
                        "failureThreshold")) {
            long value = probe.path(number).asLong(0);
            if (value < 0) {
                errors.invalid(field + "." + number, value, "must be greater than or equal to 0");
            }
        }
        boolean readiness = field.endsWith("readinessProbe");
        long successes = probe.path("successThreshold").asLong(1);
        if (!readiness && successes != 1) {
            errors.invalid(field + ".successThreshold", successes, "must be 1");
        }
    }
}
