package io.hypernetes.node;

import java.nio.file.Path;
import java.time.Duration;

/**
 * @param name the Node object's name
 * @param address the machine's own address, shown as the host's
 * @param port that the API server reaches its pods by; 0: it is in the same program
 * @param logs where the containers' log files go
 * @param version shown as the kubelet's
 * @param pressureLasts how long the node says that it is short of something after it was;
 *     upstream's {@code evictionPressureTransitionPeriod}
 */
public record NodeConfig(
        String name,
        String address,
        int port,
        Path logs,
        Capacity capacity,
        String version,
        Duration pressureLasts) {}
