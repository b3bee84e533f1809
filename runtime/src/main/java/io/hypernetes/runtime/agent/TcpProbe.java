package io.hypernetes.runtime.agent;

import java.time.Duration;

/**
 * A connection made by the agent and closed at once.
 *
 * @param host an IPv4 address; empty for the sandbox itself (127.0.0.1)
 */
public record TcpProbe(String host, int port, Duration timeout) {}
