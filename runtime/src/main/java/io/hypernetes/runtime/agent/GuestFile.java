package io.hypernetes.runtime.agent;

/**
 * @param path relative, no dot-dot; folders on the way are made
 * @param mode permission bits, for instance 0644
 * @param content the array is not copied: do not change it
 */
@SuppressWarnings("ArrayRecordComponent")
public record GuestFile(String path, int mode, byte[] content) {}
