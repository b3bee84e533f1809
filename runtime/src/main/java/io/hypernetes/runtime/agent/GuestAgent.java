package io.hypernetes.runtime.agent;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * Commands to the agent of one guest. Clock and randomness are set by the hypervisor after each
 * clone and adoption; nobody else need do it.
 *
 * <p>All methods throw {@link AgentException}: with the guest's own words when it refused, and with
 * {@link AgentException.Reason#LOST} when the channel has ended (the machine has died or is being
 * killed).
 */
public interface GuestAgent {

    /** Sets the host name, the interface and the files about names. May be called again. */
    void configure(GuestNetwork network);

    // Volumes: named trees in the guest that containers mount. Names are ours, at most 64
    // characters of letters, digits, dot, dash and underscore.

    /**
     * An empty tree in memory, shared by the sandbox's containers; nothing when it exists.
     *
     * @param sizeBytes its limit; empty for half of the guest's memory
     * @param fsGroup the group that owns it
     */
    void createMemoryVolume(String volume, OptionalLong sizeBytes, OptionalLong fsGroup);

    /**
     * Makes a plugged disk a volume, and an ext4 file system on it when it is blank; nothing when
     * it is mounted already. Waits up to some seconds for the disk to appear.
     *
     * @param disk the {@link io.hypernetes.runtime.vm.DiskSpec#id}
     */
    void mountDiskVolume(String volume, String disk, boolean readOnly, OptionalLong fsGroup);

    /**
     * Makes a disk a volume as it is, without a file system: where a container mounts it, there is
     * the device.
     *
     * @param disk the {@link io.hypernetes.runtime.vm.DiskSpec#id}
     */
    void offerRawVolume(String volume, String disk);

    /**
     * Makes an image a read-only volume.
     *
     * @param disk the {@link io.hypernetes.runtime.vm.DiskSpec#id} of its squashfs
     */
    void offerImageVolume(String volume, String disk);

    /** Writes everything out and lets go of the volume; nothing when there is none. */
    void unmountVolume(String volume);

    /**
     * Brings a volume of files to exactly this content, all at once: a reader sees the old set or
     * the new one, never a mix. Creates the volume when there is none. For ConfigMap, Secret,
     * projected and downward API volumes; at most 4 MiB together.
     */
    void writeFiles(String volume, List<GuestFile> files, OptionalLong fsGroup);

    /**
     * A file that containers have left in a volume, of 32000 bytes at most.
     *
     * @throws AgentException NOT_FOUND when there is none
     */
    byte[] readFile(String volume, String path);

    // Containers

    /** Prepares a container: root file system, mounts, cgroup. It runs after {@link #start}. */
    void create(ContainerSpec container);

    /** Runs it; throws when its command can not be executed, with the reason. */
    void start(String containerId);

    /** Nothing when it has ended already. */
    void signal(String containerId, int signal);

    /** Other limits for a container, which may be running. */
    void limit(String containerId, ContainerResources resources);

    /** The end of what it has left in {@link ContainerSpec#lastWords}: 4096 bytes at most. */
    byte[] lastWords(String containerId);

    /** Kills it when it runs, and forgets it together with its root file system and output. */
    void remove(String containerId);

    List<ContainerStatus> containers();

    ContainerStatus container(String containerId);

    /**
     * Tells of every container's end, also of those that happened before this call (once each). One
     * listener at a time; it runs on a thread of its own, in order.
     */
    void onContainerExit(Consumer<ContainerStatus> listener);

    /**
     * Takes a container's output from now on. What an earlier listener (also one in a process that
     * has died) has not taken comes first. One listener per container at a time.
     */
    void output(String containerId, OutputListener listener);

    /**
     * The container's standard input, when it was created with one. Closing it is end of file for
     * the container.
     */
    GuestOutputStream stdin(String containerId);

    /** Sets the size of the container's terminal. */
    void resize(String containerId, int columns, int rows);

    /** Runs a further process in a container. */
    GuestProcess exec(String containerId, ExecSpec exec);

    // Probes and connections, made inside the guest

    ProbeResult probe(HttpProbe probe);

    ProbeResult probe(TcpProbe probe);

    /** Connects to a TCP port of the sandbox at 127.0.0.1. */
    GuestConnection connect(int port, Duration timeout);

    GuestStats stats();

    /** Whether anybody is there: sets the guest's clock, which drifts. */
    void ping(Duration timeout);

    /** Takes processors and memory into use that were plugged; returns when it has so much. */
    void grow(int processors, long memoryBytes);

    /** Parameters of the guest's kernel, by their names with dots or slashes. */
    void setSysctls(Map<String, String> values);

    /** Syncs file systems and ends the machine; returns when the agent has agreed. */
    void powerOff();
}
