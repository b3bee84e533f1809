package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Names;

import java.util.Set;

/** What Kubernetes knows of the names of resources that are counted. */
public final class ResourceNames {

    private static final Set<String> FOR_CONTAINERS = Set.of("cpu", "memory", "ephemeral-storage");

    private static final Set<String> COUNTED =
            Set.of(
                    "pods",
                    "resourcequotas",
                    "services",
                    "replicationcontrollers",
                    "secrets",
                    "configmaps",
                    "persistentvolumeclaims",
                    "services.nodeports",
                    "services.loadbalancers");

    private static final Set<String> OF_QUOTAS =
            Set.of(
                    "requests.cpu",
                    "requests.memory",
                    "requests.ephemeral-storage",
                    "requests.storage",
                    "limits.cpu",
                    "limits.memory",
                    "limits.ephemeral-storage");

    private ResourceNames() {}

    static boolean isHugePages(String name) {
        return name.startsWith("hugepages-");
    }

    static boolean isForContainers(String name) {
        return FOR_CONTAINERS.contains(name) || isHugePages(name);
    }

    static boolean isForQuotas(String name) {
        return isForContainers(name)
                || COUNTED.contains(name)
                || OF_QUOTAS.contains(name)
                || name.startsWith("requests.hugepages-");
    }

    static boolean isStandard(String name) {
        return isForQuotas(name) || name.equals("storage");
    }

    /** Kubernetes' own: without a domain, or with one of Kubernetes. */
    static boolean isNative(String name) {
        return !name.contains("/") || name.contains("kubernetes.io/");
    }

    public static boolean isExtended(String name) {
        return !isNative(name)
                && !name.startsWith("requests.")
                && Names.qualifiedName("requests." + name).isEmpty();
    }

    /** Of which there are no halves. */
    static boolean isWhole(String name) {
        return COUNTED.contains(name) || isExtended(name);
    }

    static boolean mayBeOvercommitted(String name) {
        return isNative(name) && !isHugePages(name);
    }
}
