package io.hypernetes.api.types.core;

import static io.hypernetes.api.types.kind.Trees.has;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.FieldError;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Rules for the containers of one pod, whose names must differ. */
final class ContainerRules {

    private final Set<String> volumes;
    private final Set<String> names = new HashSet<>();
    private final HandlerRules handlers;
    private final Errors errors;

    ContainerRules(Set<String> volumes, HandlerRules handlers, Errors errors) {
        this.volumes = volumes;
        this.handlers = handlers;
        this.errors = errors;
    }

    /** A container that runs while the pod does. */
    void check(String field, ObjectNode container) {
        common(field, container);
        handlers.lifecycle(field, container);
        handlers.probes(field, container);
        if (has(container, "restartPolicy")) {
            errors.forbidden(field + ".restartPolicy", "may not be set for non-init containers");
        }
    }

    /** One that runs before those; with a restart policy it stays beside them (KEP-753). */
    void checkInit(String field, ObjectNode container) {
        common(field, container);
        if (has(container, "restartPolicy")) {
            errors.oneOf(
                    field + ".restartPolicy", text(container, "restartPolicy"), List.of("Always"));
        }
        if (text(container, "restartPolicy").equals("Always")) {
            handlers.lifecycle(field, container);
            handlers.probes(field, container);
            return;
        }
        for (String absent :
                List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe")) {
            if (has(container, absent)) {
                errors.forbidden(
                        field + "." + absent,
                        "may not be set for init containers without restartPolicy=Always");
            }
        }
    }

    private void common(String field, ObjectNode container) {
        name(field + ".name", text(container, "name"));
        String image = text(container, "image");
        if (image.isEmpty()) {
            errors.required(field + ".image", "");
        } else if (!image.strip().equals(image)) {
            errors.invalidText(
                    field + ".image", image, "must not have leading or trailing whitespace");
        }
        errors.oneOf(
                field + ".terminationMessagePolicy",
                text(container, "terminationMessagePolicy"),
                List.of("File", "FallbackToLogsOnError"));
        ports(field, container);
        new EnvironmentRules(errors).check(field, container);
        mounts(field, container);
        errors.oneOf(
                field + ".imagePullPolicy",
                text(container, "imagePullPolicy"),
                List.of("Always", "IfNotPresent", "Never"));
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
            errors.oneOf(field + ".protocol", text(port, "protocol"), PodRules.PROTOCOLS);
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
            PodRules.descendingPath(field + ".subPath", subPath, errors);
        }
    }
}
