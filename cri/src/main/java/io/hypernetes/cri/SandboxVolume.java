package io.hypernetes.cri;

import java.util.OptionalLong;

/** A volume of a sandbox; containers mount it as {@code volume:<name>[/<path>]}. */
public sealed interface SandboxVolume {

    /** Unique in the sandbox: at most 64 letters, digits, dots, dashes and underscores. */
    String name();

    /** The group that owns the volume and its files; empty for root's. */
    OptionalLong fsGroup();

    /**
     * A block device given to the guest alone.
     *
     * @param path a raw image or a block device of the node
     * @param driver how to open it: {@code file} or {@code host_device}
     * @param fsType {@code ext4} or empty for it; a blank disk is formatted in the guest
     */
    record Disk(
            String name,
            String path,
            String driver,
            String fsType,
            boolean readOnly,
            OptionalLong fsGroup)
            implements SandboxVolume {}

    /**
     * A block device given to the guest alone, and as it is to containers: by {@code devices} whose
     * {@code host_path} is {@code volume:<name>}.
     *
     * @param path a raw image or a block device of the node
     * @param driver how to open it: {@code file} or {@code host_device}
     */
    record Raw(String name, String path, String driver, boolean readOnly) implements SandboxVolume {

        /** Nobody's: a device has no files. */
        @Override
        public OptionalLong fsGroup() {
            return OptionalLong.empty();
        }
    }

    /**
     * An empty directory in the guest's memory.
     *
     * @param sizeBytes its limit; empty for the guest's own (half of its memory)
     */
    record EmptyDir(String name, OptionalLong sizeBytes, OptionalLong fsGroup)
            implements SandboxVolume {}

    /**
     * Files whose content is handed over, and replaced as a whole: ConfigMap, Secret, projected and
     * downward API volumes.
     *
     * @param hostDirectory read once when the sandbox is made; empty when the content comes by
     *     {@code Guest.WriteVolume}
     */
    record Files(String name, String hostDirectory, OptionalLong fsGroup)
            implements SandboxVolume {}
}
