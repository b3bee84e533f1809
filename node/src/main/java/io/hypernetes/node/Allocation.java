package io.hypernetes.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.quota.Allocated;
import io.hypernetes.api.quota.PodResources;
import io.hypernetes.api.quota.ResourceList;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.EventRecorder.Type;
import io.hypernetes.node.PodMemory.Waiting;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.Collection;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether a pod that asks for other resources than it has gets them (KEP-1287): now, later, or
 * never on this machine. What it had stays its own until then.
 */
final class Allocation {

    static final String DEFERRED = "Deferred";
    static final String INFEASIBLE = "Infeasible";

    private final String nodeName;
    private final Capacity capacity;
    private final Supplier<Collection<ObjectNode>> pods;
    private final EventRecorder events;
    private final boolean resizes;

    /**
     * @param pods all that are known; those of this machine count
     * @param resizes whether the runtime can do it at all
     */
    Allocation(
            String nodeName,
            Capacity capacity,
            Supplier<Collection<ObjectNode>> pods,
            EventRecorder events,
            boolean resizes) {
        this.nodeName = nodeName;
        this.capacity = capacity;
        this.pods = pods;
        this.events = events;
        this.resizes = resizes;
    }

    /** The pod as its machine is to run it now; notes the state of its resize, and tells of it. */
    ObjectNode given(ObjectKey key, ObjectNode pod, PodMemory memory) {
        PodMemory.Resize before = memory.resize();
        if (!Allocated.isResized(pod)) {
            if (before.inProgress().isPresent()) {
                tell(key, pod, Type.NORMAL, "ResizeCompleted", "completed", "");
            }
            memory.resize(PodMemory.Resize.NONE);
            return pod;
        }
        Optional<Waiting> hindrance = hindrance(pod);
        if (hindrance.isEmpty()) {
            if (before.inProgress().isEmpty()) {
                tell(key, pod, Type.NORMAL, "ResizeStarted", "started", "");
                memory.resize(PodMemory.Resize.UNDER_WAY);
            }
            return pod;
        }
        Waiting waiting = hindrance.get();
        if (!before.pending().equals(hindrance)) {
            String reason = waiting.reason();
            tell(key, pod, Type.WARNING, "Resize" + reason, reason, waiting.message());
        }
        memory.resize(new PodMemory.Resize(hindrance, Optional.empty()));
        return Allocated.pod(pod);
    }

    private Optional<Waiting> hindrance(ObjectNode pod) {
        if (!resizes) {
            return Optional.of(
                    new Waiting(
                            INFEASIBLE,
                            "pods of this RuntimeClass are not resized in place: make it anew"));
        }
        ResourceList wanted = PodResources.requests(pod.path("spec"));
        long milliCpu = milliCpu(wanted);
        long memory = memory(wanted);
        if (milliCpu > capacity.milliCpu()) {
            return never("cpu", milliCpu, capacity.milliCpu());
        }
        if (memory > capacity.allocatableBytes()) {
            return never("memory", memory, capacity.allocatableBytes());
        }
        long usedMilliCpu = 0;
        long usedMemory = 0;
        for (ObjectNode other : pods.get()) {
            if (!Metadata.uid(other).equals(Metadata.uid(pod)) && isHere(other)) {
                ResourceList counted = PodResources.requests(Allocated.counted(other));
                usedMilliCpu += milliCpu(counted);
                usedMemory += memory(counted);
            }
        }
        if (usedMilliCpu + milliCpu > capacity.milliCpu()) {
            return later("cpu", milliCpu, usedMilliCpu, capacity.milliCpu());
        }
        if (usedMemory + memory > capacity.allocatableBytes()) {
            return later("memory", memory, usedMemory, capacity.allocatableBytes());
        }
        return Optional.empty();
    }

    private boolean isHere(ObjectNode pod) {
        return pod.path("spec").path("nodeName").asString("").equals(nodeName)
                && !StatusBuilder.isOver(pod);
    }

    private static Optional<Waiting> never(String resource, long requested, long capacity) {
        return Optional.of(
                new Waiting(
                        INFEASIBLE,
                        "Node didn't have enough capacity: %s, requested: %d, capacity: %d"
                                .formatted(resource, requested, capacity)));
    }

    private static Optional<Waiting> later(
            String resource, long requested, long used, long capacity) {
        return Optional.of(
                new Waiting(
                        DEFERRED,
                        "Node didn't have enough resource: %s, requested: %d, used: %d, capacity: %d"
                                .formatted(resource, requested, used, capacity)));
    }

    private static long milliCpu(ResourceList list) {
        return list.get("cpu").map(Quantity::milliValue).orElse(0L);
    }

    private static long memory(ResourceList list) {
        return list.get("memory").map(Quantity::value).orElse(0L);
    }

    /** Upstream's message ends with what is wanted, as JSON. */
    private void tell(
            ObjectKey key, ObjectNode pod, Type type, String reason, String how, String error) {
        ObjectNode details = JsonNodeFactory.instance.objectNode();
        ArrayNode containers = details.putArray("containers");
        for (JsonNode container : pod.path("spec").path("containers")) {
            ObjectNode one = containers.addObject();
            one.set("name", container.path("name"));
            one.set("resources", container.path("resources"));
        }
        details.put("generation", pod.path("metadata").path("generation").asLong(0));
        if (!error.isEmpty()) {
            details.put("error", error);
        }
        events.record(key.tenant(), pod, type, reason, "Pod resize " + how + ": " + details);
    }
}
