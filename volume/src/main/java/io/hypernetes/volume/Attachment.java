package io.hypernetes.volume;

/**
 * What a virtual machine opens.
 *
 * @param path a raw image file or a block device on this machine
 * @param driver the VMM's driver for it: {@code file} or {@code host_device}
 */
public record Attachment(String path, String driver) {}
