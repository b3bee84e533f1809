package io.hypernetes.scheduler.cluster;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Beside which pods of its tenant a pod wants to be, and beside which not. */
public record PodAffinity(
        List<AffinityTerm> with,
        List<AffinityTerm> apart,
        List<AffinityTerm> ratherWith,
        List<AffinityTerm> ratherApart) {

    static final PodAffinity NONE = new PodAffinity(List.of(), List.of(), List.of(), List.of());

    static PodAffinity of(ObjectNode pod) {
        if (!pod.path("spec").has("affinity")) {
            return NONE;
        }
        return new PodAffinity(
                AffinityTerm.required(pod, "podAffinity"),
                AffinityTerm.required(pod, "podAntiAffinity"),
                AffinityTerm.preferred(pod, "podAffinity"),
                AffinityTerm.preferred(pod, "podAntiAffinity"));
    }

    /** Whether others are scored by it: every term but the required apart. */
    public boolean attracts() {
        return !with.isEmpty() || !ratherWith.isEmpty() || !ratherApart.isEmpty();
    }
}
