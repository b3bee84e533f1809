package io.hypernetes.runtime.agent;

/**
 * @param message what happened, for people
 */
public record ProbeResult(boolean success, String message) {}
