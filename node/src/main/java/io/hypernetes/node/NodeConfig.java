package io.hypernetes.node;

import java.nio.file.Path;

/**
 * @param name the Node object's name
 * @param address the machine's own address, shown as the host's
 * @param logs where the containers' log files go
 * @param version shown as the kubelet's
 */
public record NodeConfig(
        String name, String address, Path logs, Capacity capacity, String version) {}
