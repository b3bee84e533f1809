package io.hypernetes.scheduler.plugin;

import io.hypernetes.scheduler.cluster.Amounts;
import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.NodeState;
import io.hypernetes.scheduler.cluster.PodView;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** NodeResourcesFit: what is free, of each resource that the pod asks for. */
final class ResourcesFit implements Filter {

    @Override
    public Prepared prepare(PodView pod, Cluster cluster) {
        Amounts demand = pod.demand();
        return new Prepared.Check(node -> fits(demand, node) ? Refusal.NONE : tell(demand, node));
    }

    /** The quick answer: of a thousand nodes most are asked nothing else. */
    private static boolean fits(Amounts demand, NodeState node) {
        Amounts all = node.view().allocatable();
        Amounts used = node.used();
        if (lacks(demand.pods(), all.pods(), used.pods())
                || lacks(demand.cpu(), all.cpu(), used.cpu())
                || lacks(demand.memory(), all.memory(), used.memory())) {
            return false;
        }
        if (demand.others().isEmpty()) {
            return true;
        }
        for (Map.Entry<String, Long> other : demand.others().entrySet()) {
            String name = other.getKey();
            if (lacks(other.getValue(), all.get(name), used.get(name))) {
                return false;
            }
        }
        return true;
    }

    private static boolean lacks(long wanted, long all, long used) {
        return wanted > 0 && wanted > all - used;
    }

    /** More than the whole node has cannot be had by making others go. */
    private static Refusal tell(Amounts demand, NodeState node) {
        Amounts all = node.view().allocatable();
        Amounts used = node.used();
        List<String> missing = new ArrayList<>();
        boolean hopeless = false;
        List<String> names = new ArrayList<>(List.of(Amounts.PODS, Amounts.CPU, Amounts.MEMORY));
        names.addAll(demand.others().keySet());
        for (String name : names) {
            long wanted = demand.get(name);
            if (lacks(wanted, all.get(name), used.get(name))) {
                boolean pods = name.equals(Amounts.PODS);
                missing.add(pods ? "Too many pods" : "Insufficient " + name);
                hopeless |= wanted > all.get(name) && !pods;
            }
        }
        return new Refusal(missing, hopeless);
    }

    @Override
    public Set<Trigger> helpedBy() {
        return Set.of(Trigger.NODE_CHANGED, Trigger.POD_GONE);
    }
}
