package io.hypernetes.scheduler.decision;

import io.hypernetes.scheduler.cluster.PodView;
import io.hypernetes.scheduler.plugin.Trigger;

import java.util.List;
import java.util.Set;

/** Where a pod goes, or why it goes nowhere, in upstream's words. */
public sealed interface Decision {

    record On(String node) implements Decision {}

    /**
     * @param message for instance {@code 0/1 nodes are available: 1 Insufficient memory.}
     * @param helpedBy what may change that
     */
    record Nowhere(String message, Set<Trigger> helpedBy) implements Decision {}

    /** Nowhere yet: the victims have to go first. */
    record Preempt(String node, List<PodView> victims, Nowhere meanwhile) implements Decision {}
}
