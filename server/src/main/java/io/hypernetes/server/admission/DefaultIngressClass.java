package io.hypernetes.server.admission;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;

import tools.jackson.databind.node.ObjectNode;

import java.util.Comparator;
import java.util.Optional;

/** An Ingress that names no class gets the default one, the newest if there are several. */
final class DefaultIngressClass implements AdmissionController {
    private static final String MARK = "ingressclass.kubernetes.io/is-default-class";
    private static final String OLD_NAME = "kubernetes.io/ingress.class";
    private static final String GROUP = "networking.k8s.io";

    private final WorldObjects ingresses;
    private final WorldObjects classes;

    DefaultIngressClass(Reads reads) {
        this.ingresses = new WorldObjects(reads, GROUP, "ingresses");
        this.classes = new WorldObjects(reads, GROUP, "ingressclasses");
    }

    @Override
    public void mutate(AdmissionRequest request) {
        Optional<ResourceType> type = ingresses.type().filter(request::creates);
        if (type.isEmpty()
                || !(request.object().get("spec") instanceof ObjectNode spec)
                || spec.has("ingressClassName")
                || Metadata.annotations(request.object()).containsKey(OLD_NAME)) {
            return;
        }
        classes.list(request.call().tenant(), "").stream()
                .filter(c -> Metadata.annotation(c.tree(), MARK).equals("true"))
                .max(
                        Comparator.comparing((Served c) -> Metadata.creationTimestamp(c.tree()))
                                .thenComparing(c -> c.path().name(), Comparator.reverseOrder()))
                .ifPresent(c -> spec.put("ingressClassName", c.path().name()));
    }
}
