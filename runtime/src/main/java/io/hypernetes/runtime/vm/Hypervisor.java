package io.hypernetes.runtime.vm;

import java.util.List;
import java.util.Optional;

/**
 * Makes virtual machines and finds those made by an earlier process again.
 *
 * <p>All methods throw {@link VmException} with a sentence that says what to do.
 */
public interface Hypervisor extends AutoCloseable {

    /**
     * Makes a running machine whose agent has answered, with the disks and NICs of the
     * specification plugged. Cloned from a template; the first machine of a size builds the
     * template, which takes seconds. When it fails, nothing is left.
     */
    VirtualMachine create(VmSpec spec);

    /**
     * The same for a machine that nobody waits for: it gets little of the processors while others
     * want them, until {@link VirtualMachine#leaveBackground}.
     */
    VirtualMachine createInBackground(VmSpec spec);

    /**
     * Takes over a machine that is still running, also one made by a process that has died since.
     * Empty when there is none (any more); what a dead machine has left is removed.
     */
    Optional<VirtualMachine> adopt(String id);

    /** The ids of all machines that have a run directory, alive or not. */
    List<String> ids();

    /**
     * Removes a machine whatever its state: its process and its run directory. For those that can
     * not be adopted; nothing when there is none.
     */
    void destroy(String id);

    /** Builds the template for this size now, so that the first {@link #create} need not. */
    void prepare(int memoryMiB, int cpus);

    /** How guests' instructions are executed on this machine, found out by a canary boot. */
    Accelerator accelerator();

    /** Destroys all machines and templates of this data directory. */
    void purge();

    /** Lets go of all machines; they keep running. */
    @Override
    void close();
}
