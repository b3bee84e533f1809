package io.hypernetes.scheduler.cluster;

import io.hypernetes.scheduler.VmOverhead;

import tools.jackson.databind.JsonNode;

/** What a pod takes of its node. */
public final class Demand {

    /** What upstream's scores assume of a container that asks for no processor time. */
    private static final long ASSUMED_MILLI_CPU = 100;

    private Demand() {}

    /**
     * The requests of all containers or, where that is more, of an init container with the sidecars
     * started before it (KEP-753), or what the whole pod asks for instead (KEP-2837); the runtime
     * class' overhead; the virtual machine; one pod.
     */
    public static Amounts of(JsonNode spec, VmOverhead vm) {
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
        Amounts total = withPodLevel(running.max(starting), requests(spec));
        long guest = Math.max(total.memory(), vm.minimumBytes());
        return total.withMemory(guest + vm.bytes())
                .plus(Amounts.parse(spec.path("overhead")))
                .capped()
                .withPods(1);
    }

    /** The same for scores: containers without a request take a little all the same. */
    public static Amounts forScores(JsonNode spec, Amounts demand) {
        long assumed = 0;
        if (requests(spec).cpu() == 0) {
            for (JsonNode container : spec.path("containers")) {
                assumed += requests(container).cpu() == 0 ? ASSUMED_MILLI_CPU : 0;
            }
        }
        return demand.withCpu(demand.cpu() + assumed);
    }

    private static Amounts withPodLevel(Amounts total, Amounts pod) {
        Amounts changed = pod.cpu() > 0 ? total.withCpu(pod.cpu()) : total;
        return pod.memory() > 0 ? changed.withMemory(pod.memory()) : changed;
    }

    private static Amounts requests(JsonNode container) {
        return Amounts.parse(container.path("resources").path("requests"));
    }
}
