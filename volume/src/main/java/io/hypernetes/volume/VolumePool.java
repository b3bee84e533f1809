package io.hypernetes.volume;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Volume seam: where block devices come from. A volume is handed to a virtual machine as a
 * block device and never mounted on the host.
 *
 * <p>Every method is idempotent. All throw {@link VolumeException} with a sentence that says what
 * to do.
 */
public interface VolumePool {

    /** The name a StorageClass' {@code provisioner} field chooses this pool by. */
    String provisioner();

    /**
     * Makes a blank volume of at least {@code bytes}, or finds the one of this id made before.
     *
     * @param id unique over all tenants; letters, digits and dashes
     * @param parameters of the StorageClass
     */
    Volume provision(String id, String tenant, long bytes, Map<String, String> parameters);

    /** Destroys the volume and its data; nothing when there is none. */
    void delete(String id);

    Optional<Volume> volume(String id);

    List<Volume> volumes();

    /**
     * Makes the volume a block device (or an image file) on this machine that a VMM can open, for
     * one virtual machine at a time.
     */
    Attachment attach(String id, String sandbox);

    /** Ends an attachment; nothing when there is none. */
    void detach(String id, String sandbox);

    /**
     * All attachments of this machine: the sandbox of each volume that is attached. What a crash
     * has left behind is found here.
     */
    Map<String, String> attachments();
}
