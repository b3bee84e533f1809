package io.hypernetes.network.ovn;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The order of a load balancer's backends that moves few clients. Open vSwitch gives each client to
 * the place in the list that wins a hash of client and place, so a backend keeps its clients for as
 * long as it keeps its place and the list does not become shorter.
 */
final class AffineOrder {

    private AffineOrder() {}

    /**
     * Each backend stays in its place. One that is gone is stood in for, first by one that is new,
     * else by one of the others: its own clients move, and nobody else's.
     */
    static List<String> of(List<String> before, List<String> wanted) {
        Set<String> left = new LinkedHashSet<>(wanted);
        if (left.isEmpty()) {
            return List.of();
        }
        Set<String> stays = new HashSet<>(before);
        stays.retainAll(left);
        Deque<String> fresh = new ArrayDeque<>(left);
        fresh.removeIf(stays::contains);
        List<String> order = new ArrayList<>();
        Set<String> placed = new LinkedHashSet<>();
        for (String backend : before) {
            boolean keepsPlace = stays.contains(backend) && placed.add(backend);
            if (keepsPlace) {
                order.add(backend);
            } else if (!fresh.isEmpty()) {
                order.add(fresh.removeFirst());
            } else if (stays.contains(backend)) {
                order.add(backend); // stands in for another already
            } else {
                // Of one that is named twice, the first place is its own: see above.
                List<String> standIns = List.copyOf(placed.isEmpty() ? left : placed);
                order.add(standIns.get(order.size() % standIns.size()));
            }
        }
        order.addAll(fresh);
        return List.copyOf(order);
    }
}
