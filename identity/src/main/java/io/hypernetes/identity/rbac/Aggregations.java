package io.hypernetes.identity.rbac;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a world's own ClusterRoles add to the projected ones, as a CRD's roles add to {@code edit}.
 * One thread at a time changes it, any reads.
 */
final class Aggregations {

    /** Who may edit may view, who is admin may edit. */
    private static final Map<String, List<String>> PARTS =
            Map.of(
                    "view", List.of("view"),
                    "edit", List.of("view", "edit"),
                    "admin", List.of("view", "edit", "admin"));

    /** By the role added to, and the name of what adds. */
    private final Map<String, Map<String, List<Rule>>> additions = new ConcurrentHashMap<>();

    /** The roles whose additions are this one's too; none for a role that aggregates nothing. */
    static List<String> partsOf(String role) {
        return PARTS.getOrDefault(role, List.of());
    }

    Collection<List<Rule>> to(String part) {
        return additions.getOrDefault(part, Map.of()).values();
    }

    /** Puts what a role adds now in the place of what it added. */
    void replace(String name, Optional<ObjectNode> role) {
        for (String target : PARTS.keySet()) {
            Optional<ObjectNode> adding = role.filter(tree -> adds(tree, target));
            if (adding.isPresent()) {
                additions
                        .computeIfAbsent(target, _ -> new ConcurrentHashMap<>())
                        .put(name, Rule.of(adding.get()));
            } else {
                additions.computeIfPresent(
                        target,
                        (_, known) -> {
                            known.remove(name);
                            return known;
                        });
            }
        }
    }

    private static boolean adds(ObjectNode role, String target) {
        return Metadata.label(role, DefaultRoles.AGGREGATE_TO + target).equals("true");
    }
}
