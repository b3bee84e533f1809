package io.hypernetes.scheduler.plugin;

import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.NodeState;
import io.hypernetes.scheduler.cluster.PodView;

import java.util.Set;

/** One of upstream's filter plug-ins. */
public interface Filter {

    /** What a plug-in has to say about a pod, whatever the node. */
    sealed interface Prepared {
        /** Nothing: it need not be asked about nodes. */
        record Skip() implements Prepared {}

        /** No node will do. */
        record Never(String reason) implements Prepared {}

        /** It depends on the node. */
        record Check(NodeCheck check) implements Prepared {}
    }

    /** Asked of each node, for the state of the cluster that it was prepared for. */
    @FunctionalInterface
    interface NodeCheck {
        Refusal of(NodeState node);
    }

    Prepared SKIP = new Prepared.Skip();

    Prepared prepare(PodView pod, Cluster cluster);

    /** What may make a pod fit that this filter refused. */
    Set<Trigger> helpedBy();
}
