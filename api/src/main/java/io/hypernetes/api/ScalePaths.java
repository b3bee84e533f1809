package io.hypernetes.api;

import java.util.List;

/**
 * Where a type that can be scaled keeps what its {@code scale} subresource shows.
 *
 * @param replicas the wanted number, for instance {@code spec, replicas}
 * @param statusReplicas the number there is
 * @param selector a label selector: an object, a map of labels, or its text; empty for none
 */
public record ScalePaths(
        List<String> replicas, List<String> statusReplicas, List<String> selector) {
    /** Of deployments and their like. */
    public static final ScalePaths WORKLOAD =
            new ScalePaths(
                    List.of("spec", "replicas"),
                    List.of("status", "replicas"),
                    List.of("spec", "selector"));
}
