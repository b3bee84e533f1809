package io.hypernetes.scheduler.plugin;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.placement.NodeSelection;
import io.hypernetes.scheduler.cluster.Cluster;
import io.hypernetes.scheduler.cluster.NodeView;
import io.hypernetes.scheduler.cluster.PodView;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * VolumeBinding, VolumeZone and VolumeRestrictions: a pod goes where its volumes can be. A claim
 * whose class waits for its first consumer is no hindrance beyond the class' allowed topologies:
 * the volume is made where the pod goes.
 */
record Volumes(Claims claims) implements Filter {

    private static final List<String> ZONES =
            List.of(
                    "topology.kubernetes.io/zone",
                    "topology.kubernetes.io/region",
                    "failure-domain.beta.kubernetes.io/zone",
                    "failure-domain.beta.kubernetes.io/region");

    /** Upstream's separator of the zones of one volume. */
    private static final String ZONE_SEPARATOR = "__";

    /** What one of the pod's volumes asks of a node. */
    private record Wish(NodeSelection affinity, Map<String, String> labels, boolean bound) {}

    @Override
    public Prepared prepare(PodView pod, Cluster cluster) {
        if (pod.claims().isEmpty()) {
            return SKIP;
        }
        List<Wish> wishes = new ArrayList<>();
        for (String name : pod.claims()) {
            ObjectKey key = new ObjectKey(pod.key().tenant(), pod.key().namespace(), name);
            Optional<ObjectNode> claim = claims.claim(key);
            if (claim.isEmpty()) {
                return new Prepared.Never("persistentvolumeclaim \"" + name + "\" not found");
            }
            if (Metadata.isBeingDeleted(claim.get())) {
                return new Prepared.Never(
                        "persistentvolumeclaim \"" + name + "\" is being deleted");
            }
            Optional<Wish> wish = wish(key, claim.get());
            if (wish.isEmpty()) {
                return new Prepared.Never("pod has unbound immediate PersistentVolumeClaims");
            }
            wishes.add(wish.get());
        }
        boolean taken = isTaken(pod, usedAlone(pod), cluster);
        return new Prepared.Check(node -> check(wishes, taken, node.view()));
    }

    /** Empty for a claim that is not bound and ought to be. */
    private Optional<Wish> wish(ObjectKey key, ObjectNode claim) {
        String volumeName = claim.path("spec").path("volumeName").asString("");
        boolean bound = claim.path("status").path("phase").asString("").equals("Bound");
        if (bound && !volumeName.isEmpty()) {
            Optional<ObjectNode> volume = claims.volume(key.tenant(), volumeName);
            return volume.map(v ->
                    new Wish(
                            NodeSelection.of(
                                    Json.object(),
                                    v.path("spec").path("nodeAffinity").path("required")),
                            Metadata.labels(v),
                            true));
        }
        String className = claim.path("spec").path("storageClassName").asString("");
        return claims.storageClass(key.tenant(), className)
                .filter(c ->
                        c.path("volumeBindingMode").asString("").equals("WaitForFirstConsumer"))
                .map(c -> new Wish(allowed(c.path("allowedTopologies")), Map.of(), false));
    }

    /** {@code allowedTopologies}, as the node selector that it stands for. */
    private static NodeSelection allowed(JsonNode topologies) {
        if (topologies.isEmpty()) {
            return NodeSelection.ANY;
        }
        ObjectNode selector = Json.object();
        topologies.forEach(topology -> {
            ObjectNode term = selector.withArray("nodeSelectorTerms").addObject();
            topology.path("matchLabelExpressions")
                    .forEach(expression -> {
                        ObjectNode requirement = term.withArray("matchExpressions").addObject();
                        requirement.set("key", expression.path("key"));
                        requirement.put("operator", "In").set("values", expression.path("values"));
                    });
        });
        return NodeSelection.of(Json.object(), selector);
    }

    private static Refusal check(List<Wish> wishes, boolean taken, NodeView node) {
        for (Wish wish : wishes) {
            if (!wish.affinity().matches(node.name(), node.labels())) {
                return Refusal.hopeless(
                        wish.bound()
                                ? "node(s) didn't match PersistentVolume's node affinity"
                                : "node(s) didn't find available persistent volumes to bind");
            }
            if (!isInZone(wish.labels(), node)) {
                return Refusal.hopeless("node(s) had no available volume zone");
            }
        }
        return taken
                ? Refusal.of(
                        "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod"
                                + " access mode already in-use by another pod")
                : Refusal.NONE;
    }

    private static boolean isInZone(Map<String, String> volume, NodeView node) {
        for (String key : ZONES) {
            String zones = volume.getOrDefault(key, "");
            if (!zones.isEmpty()
                    && !Arrays.asList(zones.split(ZONE_SEPARATOR, -1)).contains(node.label(key))) {
                return false;
            }
        }
        return true;
    }

    /** Claims that no second pod may use. */
    private Set<String> usedAlone(PodView pod) {
        Set<String> alone = new HashSet<>();
        for (String name : pod.claims()) {
            ObjectKey key = new ObjectKey(pod.key().tenant(), pod.key().namespace(), name);
            claims.claim(key)
                    .filter(claim -> {
                        for (JsonNode mode : claim.path("spec").path("accessModes")) {
                            if (mode.asString("").equals("ReadWriteOncePod")) {
                                return true;
                            }
                        }
                        return false;
                    })
                    .ifPresent(_ -> alone.add(name));
        }
        return alone;
    }

    private static boolean isTaken(PodView pod, Set<String> alone, Cluster cluster) {
        return !alone.isEmpty()
                && cluster.pods(pod.key().tenant(), pod.key().namespace()).stream()
                        .anyMatch(other -> other.claims().stream().anyMatch(alone::contains));
    }

    @Override
    public Set<Trigger> helpedBy() {
        return Set.of(Trigger.NODE_CHANGED, Trigger.POD_GONE, Trigger.CLAIM_CHANGED);
    }
}
