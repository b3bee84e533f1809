package io.hypernetes.api.quota;

import tools.jackson.databind.JsonNode;

/**
 * What a pod asks for as a whole (KEP-753, KEP-2837): its containers together, or at any moment of
 * its start an init container with the sidecars before it, whichever is more; what the pod itself
 * says goes before that, and its runtime's overhead comes on top.
 */
public final class PodResources {
    private PodResources() {}

    public static ResourceList requests(JsonNode spec) {
        return of(spec, "requests");
    }

    public static ResourceList limits(JsonNode spec) {
        return of(spec, "limits");
    }

    private static ResourceList of(JsonNode spec, String kind) {
        ResourceList running = ResourceList.EMPTY;
        for (JsonNode container : spec.path("containers")) {
            running = running.plus(asked(container, kind));
        }
        ResourceList sidecars = ResourceList.EMPTY;
        ResourceList starting = ResourceList.EMPTY;
        for (JsonNode container : spec.path("initContainers")) {
            if (container.path("restartPolicy").asString("").equals("Always")) {
                sidecars = sidecars.plus(asked(container, kind));
                starting = starting.max(sidecars);
            } else {
                starting = starting.max(sidecars.plus(asked(container, kind)));
            }
        }
        ResourceList own = ResourceList.of(spec.path("resources").path(kind));
        ResourceList sum = running.plus(sidecars).max(starting).overriddenBy(own);
        ResourceList overhead = ResourceList.of(spec.path("overhead"));
        // What has no limit does not get one by the overhead.
        return sum.plus(kind.equals("limits") ? overhead.only(sum.names()) : overhead);
    }

    private static ResourceList asked(JsonNode container, String kind) {
        return ResourceList.of(container.path("resources").path(kind));
    }
}
