package io.hypernetes.server.registry;

/**
 * What a server-side apply made.
 *
 * @param created whether it was not there before
 */
public record Applied(Served object, boolean created) {}
