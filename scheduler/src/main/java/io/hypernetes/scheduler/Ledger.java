package io.hypernetes.scheduler;

import java.util.HashMap;
import java.util.Map;

/**
 * What the pods on each node take, with those the scheduler has just placed and whose binding is
 * not seen yet. Filled by the pods' informer and the scheduling thread; guarded by itself.
 */
final class Ledger {

    private record Place(String node, Amounts demand) {}

    private final Map<String, Place> places = new HashMap<>();
    private final Map<String, Amounts> used = new HashMap<>();

    /** The pod is, or is about to be, on the node. */
    synchronized void put(String podUid, String node, Amounts demand) {
        remove(podUid);
        places.put(podUid, new Place(node, demand));
        used.merge(node, demand, Amounts::plus);
    }

    /** The pod is gone, has ended, or was not bound after all. */
    synchronized void remove(String podUid) {
        Place place = places.remove(podUid);
        if (place != null) {
            used.computeIfPresent(place.node(), (_, amounts) -> amounts.minus(place.demand()));
        }
    }

    synchronized boolean has(String podUid) {
        return places.containsKey(podUid);
    }

    synchronized Amounts usedOn(String node) {
        return used.getOrDefault(node, Amounts.NONE);
    }
}
