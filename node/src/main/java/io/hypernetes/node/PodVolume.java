package io.hypernetes.node;

import io.hypernetes.volume.Attachment;

import java.util.List;

/** A volume of a pod as its sandbox gets it. */
sealed interface PodVolume {

    String name();

    /**
     * Empty space that lives and dies with the sandbox.
     *
     * @param sizeBytes 0 for no limit of its own
     */
    record EmptyDir(String name, long sizeBytes) implements PodVolume {}

    /** Files that the agent writes: config maps, secrets, the downward API. */
    record Files(String name, List<File> files) implements PodVolume {}

    /** A block device, plugged into the virtual machine and mounted there. */
    record Disk(String name, Attachment attachment, String fileSystem, boolean readOnly)
            implements PodVolume {}

    /** A block device, plugged into the virtual machine and given to containers as it is. */
    record Raw(String name, Attachment attachment, boolean readOnly) implements PodVolume {}

    /** The files of an image, which containers mount by its name; {@link ImageVolumes}. */
    record Image(String name) implements PodVolume {}

    /**
     * A file or folder of the machine, for the operator's own pods.
     *
     * @param type as core/v1 HostPathVolumeSource has it; empty for whatever is there
     */
    record HostPath(String name, String path, String type) implements PodVolume {}

    /**
     * @param path relative to the volume, without {@code ..}
     * @param mode permission bits
     */
    record File(String path, int mode, byte[] content) {}
}
