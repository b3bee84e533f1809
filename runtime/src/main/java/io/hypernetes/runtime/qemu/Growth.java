package io.hypernetes.runtime.qemu;

import io.hypernetes.runtime.vm.VmException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * Processors and memory beyond those that a machine was cloned with, plugged while it runs. QEMU is
 * the record of what is there, so an adopted machine is known at once. Nothing is ever taken out: a
 * guest need not let go of it, and what stays is there for the next growth.
 *
 * <p>All methods are guarded by this.
 */
final class Growth {

    /** A guest takes memory into use in blocks of this size, and the VMM plugs no other. */
    static final int BLOCK_MIB = 128;

    private static final long MIB = 1L << 20;

    private final Qmp qmp;

    Growth(Qmp qmp) {
        this.qmp = qmp;
    }

    synchronized int processors() {
        int plugged = 0;
        for (JsonNode slot : qmp.execute("query-hotpluggable-cpus")) {
            plugged += slot.has("qom-path") ? slot.path("vcpus-count").asInt(1) : 0;
        }
        return plugged;
    }

    synchronized int memoryMiB() {
        JsonNode sizes = qmp.execute("query-memory-size-summary");
        long bytes = sizes.path("base-memory").asLong(0) + sizes.path("plugged-memory").asLong(0);
        return Math.toIntExact(bytes / MIB);
    }

    /** Plugs what is missing; the guest must be told to take it into use. */
    synchronized void grow(int wantedMemoryMiB, int wantedProcessors) {
        int missing = wantedMemoryMiB - memoryMiB();
        if (missing > 0) {
            plugMemory(Math.ceilDiv(missing, BLOCK_MIB) * BLOCK_MIB);
        }
        for (int have = processors(); have < wantedProcessors; have++) {
            plugProcessor(wantedProcessors);
        }
    }

    private void plugMemory(int mebibytes) {
        int number = qmp.execute("query-memory-devices").size();
        if (number >= QemuCommand.MEMORY_SLOTS) {
            throw new VmException(
                    "a machine's memory grows at most "
                            + QemuCommand.MEMORY_SLOTS
                            + " times; start the pod anew to give it more");
        }
        String backend = "more-" + number;
        ObjectNode object = Qmp.arguments();
        object.put("qom-type", "memory-backend-ram").put("id", backend);
        object.put("size", mebibytes * MIB);
        qmp.execute("object-add", object);
        try {
            qmp.execute(
                    "device_add",
                    Qmp.arguments()
                            .put("driver", "pc-dimm")
                            .put("id", "dimm-" + number)
                            .put("memdev", backend));
        } catch (VmException e) {
            qmp.execute("object-del", Qmp.arguments().put("id", backend));
            throw e;
        }
    }

    private void plugProcessor(int wanted) {
        JsonNode slot =
                freeSlot()
                        .orElseThrow(() ->
                                new VmException(
                                        "a machine has "
                                                + processors()
                                                + " processors at most, not "
                                                + wanted
                                                + "; start the pod anew to give it more"));
        ObjectNode device = Qmp.arguments();
        device.put("driver", slot.path("type").asString(""));
        StringBuilder id = new StringBuilder("cpu");
        slot.path("props")
                .properties()
                .forEach(property -> {
                    device.set(property.getKey(), property.getValue());
                    id.append('-').append(property.getValue().asInt());
                });
        qmp.execute("device_add", device.put("id", id.toString()));
    }

    /** Those with the lowest numbers first; QEMU lists them the other way round. */
    private Optional<JsonNode> freeSlot() {
        JsonNode lowest = null;
        for (JsonNode slot : qmp.execute("query-hotpluggable-cpus")) {
            if (!slot.has("qom-path")) {
                lowest = slot;
            }
        }
        return Optional.ofNullable(lowest);
    }
}
