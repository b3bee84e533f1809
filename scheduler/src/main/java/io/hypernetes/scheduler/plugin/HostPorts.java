package io.hypernetes.scheduler.plugin;

import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.HostPort;
import io.hypernetes.scheduler.cluster.NodeState;
import io.hypernetes.scheduler.cluster.PodView;

import java.util.Set;

/** NodePorts: two pods cannot have one port of the node. */
final class HostPorts implements Filter {

    @Override
    public Prepared prepare(PodView pod, Cluster cluster) {
        if (pod.ports().isEmpty()) {
            return SKIP;
        }
        return new Prepared.Check(node ->
                isTaken(pod, node)
                        ? Refusal.of(
                                "node(s) didn't have free ports for the requested pod" + " ports")
                        : Refusal.NONE);
    }

    private static boolean isTaken(PodView pod, NodeState node) {
        for (PodView other : node.pods()) {
            for (HostPort taken : other.ports()) {
                for (HostPort wanted : pod.ports()) {
                    if (wanted.conflictsWith(taken)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    @Override
    public Set<Trigger> helpedBy() {
        return Set.of(Trigger.NODE_CHANGED, Trigger.POD_GONE);
    }
}
