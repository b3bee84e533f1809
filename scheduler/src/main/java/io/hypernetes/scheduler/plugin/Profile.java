package io.hypernetes.scheduler.plugin;

import io.hypernetes.scheduler.cluster.Namespaces;

import java.util.List;

/** The plug-ins in the order in which they are asked: the first filter that refuses tells. */
public record Profile(List<Filter> filters, List<Score> scores) {

    public static Profile standard(Namespaces namespaces, Claims claims) {
        return new Profile(
                List.of(
                        new NodeFilters.Unschedulable(),
                        new NodeFilters.Taints(),
                        new NodeFilters.Affinity(),
                        new HostPorts(),
                        new ResourcesFit(),
                        new Volumes(claims),
                        new Devices(claims),
                        new TopologySpread(),
                        new InterPodAffinity(namespaces)),
                List.of(
                        new NodeScores.Taints(),
                        new NodeScores.Affinity(),
                        new SpreadScore(),
                        new AffinityScore(namespaces),
                        new ResourceScores.LeastAllocated(),
                        new ResourceScores.Balanced(),
                        new NodeScores.Images()));
    }
}
