package io.hypernetes.runtime.vm;

import java.util.List;
import java.util.regex.Pattern;

/**
 * The machine to make.
 *
 * @param id unique on this node; letters, digits, dot, dash, underscore; at most 64 characters
 * @param memoryMiB the guest's memory, kernel and agent included ({@link #GUEST_OVERHEAD_MIB});
 *     rounded up to the next size that a template is kept for
 * @param cpus virtual processors
 * @param disks plugged before the guest runs
 * @param nics plugged before the guest runs
 */
public record VmSpec(String id, int memoryMiB, int cpus, List<DiskSpec> disks, List<NicSpec> nics) {

    /** Guest memory that containers can not have: kernel, page tables, agent. */
    public static final int GUEST_OVERHEAD_MIB = 64;

    /** Memory of the node that a machine takes beside its guest memory (the VMM itself). */
    public static final int HOST_OVERHEAD_MIB = 48;

    /** Under this the guest kernel does not boot. */
    public static final int MIN_MEMORY_MIB = 96;

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public VmSpec {
        requireId(id);
        if (memoryMiB < MIN_MEMORY_MIB) {
            throw new IllegalArgumentException(
                    "a machine needs " + MIN_MEMORY_MIB + " MiB at least, not " + memoryMiB);
        }
        if (cpus < 1 || cpus > 64) {
            throw new IllegalArgumentException("a machine has 1 to 64 processors, not " + cpus);
        }
        disks = List.copyOf(disks);
        nics = List.copyOf(nics);
    }

    public VmSpec(String id, int memoryMiB, int cpus) {
        this(id, memoryMiB, cpus, List.of(), List.of());
    }

    /** The id is part of paths, so it may not be anything else. */
    public static String requireId(String id) {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("not a machine id: '" + id + "'");
        }
        return id;
    }
}
