package io.hypernetes.scheduler.cluster;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A node with the pods that are, or are about to be, on it. Changed by {@link Cluster} alone. */
public final class NodeState {

    private final String name;
    private final Map<String, PodView> pods = new LinkedHashMap<>();
    private @Nullable NodeView view;
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
        NodeView seen = view; // each decision asks this many times of each node
        if (seen == null) {
            throw new IllegalStateException(name + " is no node");
        }
        return seen;
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

    void show(NodeView seen) {
        view = seen;
    }

    void hide() {
        view = null;
    }

    boolean isForgotten() {
        return view == null && pods.isEmpty();
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
