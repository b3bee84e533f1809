package io.hypernetes.controllers;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.UnstoredTypes;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Which built-in group comes before which, and which of its versions: upstream's numbers, so that
 * clients that read them choose as they do there.
 */
final class GroupPriorities {

    /**
     * @param group higher comes first
     * @param version higher comes first within the group
     */
    record Priority(int group, int version) {}

    private static final int STABLE = 15;

    /** Served by the aggregation itself, which does not register itself. */
    private static final String AGGREGATION = "apiregistration.k8s.io";

    private static final int OTHERS = 2000;

    private static final Map<String, Integer> GROUPS =
            Map.ofEntries(
                    Map.entry("", 18000),
                    Map.entry("extensions", 17900),
                    Map.entry("apps", 17800),
                    Map.entry("events.k8s.io", 17750),
                    Map.entry("authentication.k8s.io", 17700),
                    Map.entry("authorization.k8s.io", 17600),
                    Map.entry("autoscaling", 17500),
                    Map.entry("batch", 17400),
                    Map.entry("certificates.k8s.io", 17300),
                    Map.entry("networking.k8s.io", 17200),
                    Map.entry("policy", 17100),
                    Map.entry("rbac.authorization.k8s.io", 17000),
                    Map.entry("storage.k8s.io", 16800),
                    Map.entry("apiextensions.k8s.io", 16700),
                    Map.entry("admissionregistration.k8s.io", 16700),
                    Map.entry("scheduling.k8s.io", 16600),
                    Map.entry("coordination.k8s.io", 16500),
                    Map.entry("node.k8s.io", 16300),
                    Map.entry("discovery.k8s.io", 16200),
                    Map.entry("flowcontrol.apiserver.k8s.io", 16100),
                    Map.entry("resource.k8s.io", 15900));

    /** Where it is not {@link #STABLE}. */
    private static final Map<String, Integer> VERSIONS =
            Map.of(
                    "/v1", 1,
                    "extensions/v1beta1", 1,
                    "autoscaling/v2", 30,
                    "flowcontrol.apiserver.k8s.io/v1", 21,
                    "rbac.authorization.k8s.io/v1beta1", 12,
                    "rbac.authorization.k8s.io/v1alpha1", 9);

    private static final Map<String, Map<String, Priority>> BUILT_IN = builtIn();

    private GroupPriorities() {}

    static Set<String> groups() {
        return BUILT_IN.keySet();
    }

    static boolean isBuiltIn(String group) {
        return BUILT_IN.containsKey(group) || group.equals(AGGREGATION);
    }

    /** The versions of a built-in group. */
    static Map<String, Priority> versions(String group) {
        return BUILT_IN.getOrDefault(group, Map.of());
    }

    private static Map<String, Map<String, Priority>> builtIn() {
        Map<String, Map<String, Priority>> groups = new TreeMap<>();
        Stream.concat(BuiltinTypes.ALL.stream(), UnstoredTypes.ALL.stream())
                .filter(type -> !type.id().group().equals(AGGREGATION))
                .forEach(type ->
                        Objects.requireNonNull(
                                        groups.computeIfAbsent(
                                                type.id().group(), _ -> new TreeMap<>()))
                                .put(type.version(), priority(type)));
        return groups;
    }

    private static Priority priority(ResourceType type) {
        String group = type.id().group();
        return new Priority(
                GROUPS.getOrDefault(group, OTHERS),
                VERSIONS.getOrDefault(group + "/" + type.version(), STABLE));
    }
}
