package io.hypernetes.runtime.agent;

/**
 * @param volume the volume's name
 * @param subPath inside it, relative; empty for the whole. Made (as a folder) when it does not
 *     exist; a symbolic link that leads out of the volume is refused
 * @param path absolute, in the container; made when it does not exist
 */
public record VolumeMount(String volume, String subPath, String path, boolean readOnly) {}
