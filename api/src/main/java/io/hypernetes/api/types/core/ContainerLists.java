package io.hypernetes.api.types.core;

import java.util.List;

/** Where the containers of a pod's spec are. */
public final class ContainerLists {
    /** All fields of a PodSpec that list containers. */
    public static final List<String> ALL =
            List.of("initContainers", "containers", "ephemeralContainers");

    private ContainerLists() {}
}
