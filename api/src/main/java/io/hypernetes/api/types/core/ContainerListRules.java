package io.hypernetes.api.types.core;

import io.hypernetes.api.types.kind.Field;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Rules for the three lists of containers of a pod: what each may have, and names across them. */
final class ContainerListRules {

    private static final List<String> NOT_FOR_INIT =
            List.of("lifecycle", "livenessProbe", "readinessProbe", "startupProbe");

    /** In the order of the fields upstream. */
    private static final List<String> NOT_FOR_EPHEMERAL =
            List.of(
                    "ports",
                    "resources",
                    "resizePolicy",
                    "restartPolicy",
                    "restartPolicyRules",
                    "livenessProbe",
                    "readinessProbe",
                    "startupProbe",
                    "lifecycle");

    private final Field spec;
    private final boolean isPod;
    private final ContainerRules rules;
    private final HandlerRules handlers;

    ContainerListRules(Field spec, Map<String, Field> volumes, boolean isPod) {
        this.spec = spec;
        this.isPod = isPod;
        this.rules = new ContainerRules(spec, volumes);
        this.handlers = new HandlerRules(spec.at("terminationGracePeriodSeconds").number());
    }

    void check() {
        Set<String> names = new HashSet<>();
        main(names);
        init(names);
        ephemeral(names);
    }

    private void main(Set<String> names) {
        List<Field> containers = spec.at("containers").items();
        if (containers.isEmpty()) {
            spec.at("containers").tellRequired("");
        }
        for (Field container : containers) {
            rules.check(container);
            distinct(container.at("name"), names);
            handlers.lifecycle(container.at("lifecycle"), spec.at("os", "name"));
            handlers.probes(container);
            RestartRules.check(container);
        }
        Set<String> ports = new HashSet<>();
        containers.forEach(container -> hostPorts(container, ports));
        imagesOfPod(containers);
    }

    /** Containers that run before those; with a restart policy they stay beside them (KEP-753). */
    private void init(Set<String> names) {
        List<Field> containers = spec.at("initContainers").items();
        for (Field container : containers) {
            rules.check(container);
            RestartRules.checkInit(container);
            distinct(container.at("name"), names);
            hostPorts(container, new HashSet<>());
            if (container.at("restartPolicy").is("Always")) {
                handlers.lifecycle(container.at("lifecycle"), spec.at("os", "name"));
                handlers.probes(container);
            } else {
                NOT_FOR_INIT.forEach(name ->
                        container
                                .at(name)
                                .forbiddenIfSet(
                                        "may not be set for init containers without"
                                                + " restartPolicy=Always"));
            }
        }
        imagesOfPod(containers);
    }

    private void ephemeral(Set<String> others) {
        Set<String> names = new HashSet<>(others);
        for (Field container : spec.at("ephemeralContainers").items()) {
            rules.check(container);
            image(container.at("image"));
            distinct(container.at("name"), names);
            Field target = container.at("targetContainerName");
            if (target.isGiven() && !others.contains(target.text())) {
                target.notFound();
            }
            String detail = "cannot be set for an Ephemeral Container";
            NOT_FOR_EPHEMERAL.forEach(name -> container.at(name).forbiddenIfGiven(detail));
            for (Field mount : container.at("volumeMounts").items()) {
                mount.at("subPath").forbiddenIfGiven(detail);
                mount.at("subPathExpr").forbiddenIfGiven(detail);
            }
        }
    }

    private static void distinct(Field name, Set<String> names) {
        if (!names.add(name.text())) {
            name.duplicate(name.text());
        }
    }

    /** A port of the node is given once. */
    private static void hostPorts(Field container, Set<String> known) {
        for (Field port : container.at("ports").items()) {
            Field host = port.at("hostPort");
            String shown =
                    port.at("protocol").text()
                            + "/"
                            + port.at("hostIP").text()
                            + "/"
                            + host.number();
            if (host.number() != 0 && !known.add(shown)) {
                host.duplicate(shown);
            }
        }
    }

    /** Templates may have such images: older ones do. */
    private void imagesOfPod(List<Field> containers) {
        if (isPod) {
            containers.forEach(container -> image(container.at("image")));
        }
    }

    private static void image(Field image) {
        if (!image.text().strip().equals(image.text())) {
            image.invalid("must not have leading or trailing whitespace");
        }
    }
}
