package io.hypernetes.server.registry;

/**
 * What became of an object.
 *
 * @param object its state now, or its last one
 * @param removed whether it is gone
 */
public record Written(Served object, boolean removed) {}
