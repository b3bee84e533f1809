package io.hypernetes.scheduler;

/**
 * What a pod's virtual machine takes beside what its containers ask for.
 *
 * @param bytes of the VMM and the guest's kernel and agent, added to each pod
 * @param minimumBytes the smallest guest, taken when the containers ask for less
 */
public record VmOverhead(long bytes, long minimumBytes) {
    public static final VmOverhead DEFAULT = new VmOverhead(64L << 20, 96L << 20);
}
