package io.hypernetes.scheduler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What a pod takes of its node. */
final class Demand {

    private Demand() {}

    /**
     * The requests of all containers or, where that is more, of an init container with the sidecars
     * started before it (KEP-753); the pod's own overhead; the virtual machine; one pod.
     */
    static Amounts of(ObjectNode pod, VmOverhead vm) {
        JsonNode spec = pod.path("spec");
        Amounts sidecars = Amounts.NONE;
        Amounts starting = Amounts.NONE;
        for (JsonNode container : spec.path("initContainers")) {
            Amounts requests = requests(container);
            if (container.path("restartPolicy").asString("").equals("Always")) {
                sidecars = sidecars.plus(requests).capped();
                starting = starting.max(sidecars);
            } else {
                starting = starting.max(sidecars.plus(requests)).capped();
            }
        }
        Amounts running = sidecars;
        for (JsonNode container : spec.path("containers")) {
            running = running.plus(requests(container)).capped();
        }
        Amounts total = running.max(starting);
        long guest = Math.max(total.get(Amounts.MEMORY), vm.minimumBytes());
        return total.with(Amounts.MEMORY, guest + vm.bytes())
                .plus(Amounts.parse(spec.path("overhead")))
                .capped()
                .with(Amounts.PODS, 1);
    }

    private static Amounts requests(JsonNode container) {
        return Amounts.parse(container.path("resources").path("requests"));
    }
}
