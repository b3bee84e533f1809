package io.hypernetes.runtime.vm;

import java.nio.file.Path;
import java.util.regex.Pattern;

/**
 * A block device to plug.
 *
 * @param id its serial number in the guest, by which the agent finds it; at most 20 characters of
 *     letters, digits, dash and underscore (the limit of virtio-blk)
 * @param path a raw image or a block device of this node
 */
public record DiskSpec(String id, Path path, Driver driver, boolean readOnly) {

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,20}");

    /** How the VMM opens the path. */
    public enum Driver {
        FILE("file"),
        HOST_DEVICE("host_device");

        private final String word;

        Driver(String word) {
            this.word = word;
        }

        /** The VMM's word for it. */
        public String word() {
            return word;
        }

        /** The driver for the word a volume pool uses ({@code file} or {@code host_device}). */
        public static Driver of(String word) {
            for (Driver driver : values()) {
                if (driver.word.equals(word)) {
                    return driver;
                }
            }
            throw new IllegalArgumentException(
                    "not a disk driver: '" + word + "' (file or host_device)");
        }
    }

    public DiskSpec {
        if (!ID.matcher(id).matches()) {
            throw new IllegalArgumentException("not a disk id: '" + id + "'");
        }
        if (!path.isAbsolute()) {
            throw new IllegalArgumentException("the path of a disk must be absolute: " + path);
        }
    }
}
