package io.hypernetes.runtime.vm;

import io.hypernetes.runtime.agent.GuestAgent;

import java.util.List;

/**
 * A running machine. All methods but {@link #alive} and {@link #kill} throw {@link VmException}.
 */
public interface VirtualMachine {

    String id();

    /** The channel into the guest; the same object for the machine's life in this process. */
    GuestAgent agent();

    /** Returns when the device is plugged; the guest may need some milliseconds more to see it. */
    void plugDisk(DiskSpec disk);

    /** The guest must have let go of it; nothing when there is no such disk. */
    void unplugDisk(String diskId);

    void plugNic(NicSpec nic);

    /** Nothing when there is no such NIC. */
    void unplugNic(String nicId);

    /** The ids of the disks that are plugged in now, also of an adopted machine. */
    List<String> disks();

    /** How often hot-plugging (a disk or a NIC) will still work. */
    int freeSlots();

    /**
     * Gives it at least so much memory (kernel and agent included) and so many processors; returns
     * when the guest uses them. Nothing is taken away.
     */
    void grow(int memoryMiB, int processors);

    /** Stops its processors; its clock stands still as well. */
    void pause();

    /** Goes on, with the right time; returns when its agent has answered. */
    void resume();

    /**
     * Whether it stands still because one of its disks could not be written: the file system of the
     * node that it is on is full. Costs nothing to ask.
     */
    boolean outOfSpace();

    /** Tries to write again; stands still again when there is no room yet. */
    void retry();

    /** From now on it has the processors as others have them. */
    void leaveBackground();

    boolean alive();

    /** Whether its process has been stopped (as by SIGSTOP), so that nothing in it goes on. */
    boolean stopped();

    /** Ends the machine at once and removes its run directory; nothing when it is gone already. */
    void kill();

    /**
     * Runs the action once, on a thread of its own, when the machine has ended for whatever reason
     * ({@link #kill} included); at once when it has already.
     */
    void onExit(Runnable action);
}
