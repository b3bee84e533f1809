package io.hypernetes.scheduler.cluster;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A node with the pods that are, or are about to be, on it. Changed by {@link Cluster} alone. */
public final class NodeState {

    private final String name;
    private final Map<String, PodView> pods = new LinkedHashMap<>();
    private Optional<NodeView> view = Optional.empty();
    private Amounts used = Amounts.NONE;
    private Amounts assumed = Amounts.NONE;

    NodeState(String name) {
        this.name = name;
    }

    public String name() {
        return name;
    }

    /** Nodes that are handed out by {@link Cluster#nodes} have one. */
    public NodeView view() {
        return view.orElseThrow(() -> new IllegalStateException(name + " is no node"));
    }

    public Collection<PodView> pods() {
        return Collections.unmodifiableCollection(pods.values());
    }

    /** What the pods on it take. */
    public Amounts used() {
        return used;
    }

    /** The same for scores, see {@link Demand#forScores}. */
    public Amounts assumed() {
        return assumed;
    }

    void show(Optional<NodeView> seen) {
        view = seen;
    }

    boolean isForgotten() {
        return view.isEmpty() && pods.isEmpty();
    }

    void add(PodView pod) {
        pods.put(pod.uid(), pod);
        used = used.plus(pod.demand());
        assumed = assumed.plus(pod.assumed());
    }

    void remove(PodView pod) {
        pods.remove(pod.uid());
        used = used.minus(pod.demand());
        assumed = assumed.minus(pod.assumed());
    }
}
