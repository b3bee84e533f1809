package io.hypernetes.network.service;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.controllerruntime.Informer;

import tools.jackson.databind.node.ObjectNode;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The EndpointSlices of each Service, found without a search. */
public final class SliceIndex {

    static final String SERVICE_NAME = "kubernetes.io/service-name";

    private final Map<ObjectKey, Map<ObjectKey, ObjectNode>> slices = new ConcurrentHashMap<>();

    /**
     * @param informer of slices; given before its controller is, so that the index is ahead
     */
    public SliceIndex(Informer informer) {
        informer.listen(this::changed);
    }

    private void changed(
            ObjectKey slice, Optional<ObjectNode> before, Optional<ObjectNode> current) {
        before.ifPresent(old -> remove(serviceOf(slice, old), slice));
        current.ifPresent(now ->
                slices.computeIfAbsent(serviceOf(slice, now), _ -> new ConcurrentHashMap<>())
                        .put(slice, now));
    }

    private void remove(ObjectKey service, ObjectKey slice) {
        slices.computeIfPresent(
                service,
                (_, held) -> {
                    held.remove(slice);
                    return held.isEmpty() ? null : held;
                });
    }

    /** The name that a slice gives to its service; empty for one that belongs to nobody. */
    static ObjectKey serviceOf(ObjectKey key, ObjectNode slice) {
        return new ObjectKey(key.tenant(), key.namespace(), Metadata.label(slice, SERVICE_NAME));
    }

    /** The slices of a service, at this moment. */
    public Collection<ObjectNode> of(ObjectKey service) {
        return slices.getOrDefault(service, Map.of()).values();
    }
}
