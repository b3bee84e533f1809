package io.hypernetes.volume;

/**
 * @param id the name given at provisioning
 * @param bytes its size
 */
public record Volume(String id, String tenant, long bytes) {}
