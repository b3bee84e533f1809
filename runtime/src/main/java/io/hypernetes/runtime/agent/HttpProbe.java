package io.hypernetes.runtime.agent;

import java.time.Duration;
import java.util.Map;

/**
 * A GET request made by the agent; any status from 200 to 399 is a success.
 *
 * @param host an IPv4 address; empty for the sandbox itself (127.0.0.1)
 * @param path with its query, starting with a slash
 * @param timeout for the whole of it
 */
public record HttpProbe(
        String host, int port, String path, Map<String, String> headers, Duration timeout) {}
