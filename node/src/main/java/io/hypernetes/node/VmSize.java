package io.hypernetes.node;

import io.hypernetes.api.quantity.Quantity;

import tools.jackson.databind.JsonNode;

/**
 * How large a pod's virtual machine is. Sizes come in steps, since machines of one size are cloned
 * from one template.
 *
 * @param memoryMiB the guest's memory, all of it: kernel, agent and containers
 * @param cpus virtual processors
 */
record VmSize(int memoryMiB, int cpus) {

    private static final int SMALLEST_MIB = 128;
    private static final long MIB = 1L << 20;

    /** What the guest's kernel and agent take of the guest's memory. */
    private static final int GUEST_OWN_MIB = 64;

    private static final int MOST_CPUS = 16;

    /**
     * Room for the sum of all containers with the sidecars, or for an init container with the
     * sidecars started before it if that is more (KEP-753), or for what the pod as a whole may have
     * (KEP-2837).
     */
    static VmSize of(JsonNode podSpec) {
        long runningMemory = 0;
        long runningMilliCpu = 0;
        long memory = 0;
        long milliCpu = 0;
        for (JsonNode container : podSpec.path("initContainers")) {
            if (StartOrder.isSidecar(container)) {
                runningMemory += amount(container, "memory");
                runningMilliCpu += milli(container);
            } else {
                memory = Math.max(memory, runningMemory + amount(container, "memory"));
                milliCpu = Math.max(milliCpu, runningMilliCpu + milli(container));
            }
        }
        for (JsonNode container : podSpec.path("containers")) {
            runningMemory += amount(container, "memory");
            runningMilliCpu += milli(container);
        }
        memory = Math.max(amount(podSpec, "memory"), Math.max(memory, runningMemory));
        milliCpu = Math.max(milli(podSpec), Math.max(milliCpu, runningMilliCpu));
        long wanted = Math.ceilDiv(memory, MIB) + GUEST_OWN_MIB;
        int cpus = (int) Math.clamp(Math.ceilDiv(milliCpu, 1000L), 1, MOST_CPUS);
        return new VmSize(step(wanted), cpus);
    }

    /** 128, 192, 256, 384, 512, 768, 1024, …: never more than half too large. */
    static int step(long mebibytes) {
        long size = SMALLEST_MIB;
        while (size < mebibytes) {
            boolean powerOfTwo = Long.bitCount(size) == 1;
            size = powerOfTwo ? size + size / 2 : size / 3 * 4;
        }
        return Math.toIntExact(size);
    }

    private static long amount(JsonNode owner, String resource) {
        String text = limitOrRequest(owner, resource);
        return text.isEmpty() ? 0 : Quantity.parse(text).value();
    }

    private static long milli(JsonNode owner) {
        String text = limitOrRequest(owner, "cpu");
        return text.isEmpty() ? 0 : Quantity.parse(text).milliValue();
    }

    private static String limitOrRequest(JsonNode owner, String resource) {
        JsonNode resources = owner.path("resources");
        String limit = resources.path("limits").path(resource).asString("");
        return limit.isEmpty() ? resources.path("requests").path(resource).asString("") : limit;
    }
}
