package io.hypernetes.scheduler.cluster;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.placement.NodeSelection;
import io.hypernetes.api.placement.Taint;
import io.hypernetes.api.placement.Toleration;
import io.hypernetes.api.quota.Allocated;
import io.hypernetes.scheduler.VmOverhead;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A pod as the plug-ins see it, read once from its tree.
 *
 * @param node it is bound to, or about to be; empty for one that waits
 * @param nominated the node on which others were made to go for it, as its status says
 * @param assumed what it takes in the scores' eyes
 * @param preferredNodes terms with their weights
 * @param owner uid of its controller, empty for a pod without one
 * @param preempts whether it may push others aside
 * @param started RFC 3339, empty for one that has not
 */
public record PodView(
        ObjectKey key,
        String uid,
        Map<String, String> labels,
        String node,
        String nominated,
        int priority,
        Amounts demand,
        Amounts assumed,
        List<Toleration> tolerations,
        NodeSelection selection,
        List<PreferredNode> preferredNodes,
        Set<HostPort> ports,
        PodAffinity affinity,
        List<SpreadConstraint> spread,
        List<String> images,
        List<String> claims,
        List<DeviceClaim> devices,
        String owner,
        boolean preempts,
        boolean going,
        String started) {

    private static final String OURS = "default-scheduler";

    /** A preferred term of node affinity. */
    public record PreferredNode(int weight, NodeSelection.Term term) {}

    public static PodView of(ObjectKey key, ObjectNode pod, VmOverhead vm) {
        JsonNode spec = pod.path("spec");
        JsonNode counted = Allocated.counted(pod);
        Amounts demand = Demand.of(counted, vm);
        return new PodView(
                key,
                Metadata.uid(pod),
                Map.copyOf(Metadata.labels(pod)),
                nodeOf(pod),
                pod.path("status").path("nominatedNodeName").asString(""),
                spec.path("priority").asInt(0),
                demand,
                Demand.forScores(counted, demand),
                Toleration.all(spec.path("tolerations")),
                NodeSelection.ofPod(spec),
                preferredNodes(spec),
                HostPort.all(spec),
                PodAffinity.of(pod),
                SpreadConstraint.all(pod),
                images(spec),
                claims(key.name(), spec),
                DeviceClaim.all(pod),
                owner(pod),
                !spec.path("preemptionPolicy").asString("").equals("Never"),
                Metadata.isBeingDeleted(pod),
                pod.path("status").path("startTime").asString(""));
    }

    public static String nodeOf(ObjectNode pod) {
        return pod.path("spec").path("nodeName").asString("");
    }

    public static boolean hasEnded(ObjectNode pod) {
        String phase = pod.path("status").path("phase").asString("");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    /** Whether it is for us to find a node for it. */
    public static boolean waits(ObjectNode pod) {
        return nodeOf(pod).isEmpty()
                && pod.path("spec").path("schedulerName").asString(OURS).equals(OURS)
                && pod.path("spec").path("schedulingGates").isEmpty()
                && !Metadata.isBeingDeleted(pod)
                && !hasEnded(pod);
    }

    public PodView on(String place) {
        return new PodView(
                key,
                uid,
                labels,
                place,
                nominated,
                priority,
                demand,
                assumed,
                tolerations,
                selection,
                preferredNodes,
                ports,
                affinity,
                spread,
                images,
                claims,
                devices,
                owner,
                preempts,
                going,
                started);
    }

    public boolean tolerates(Taint taint) {
        return Toleration.tolerates(tolerations, taint);
    }

    /** No taint of the node keeps it away. */
    public boolean toleratesAll(NodeView node) {
        for (Taint taint : node.taints()) {
            if (taint.repels() && !tolerates(taint)) {
                return false;
            }
        }
        return true;
    }

    private static List<PreferredNode> preferredNodes(JsonNode spec) {
        List<PreferredNode> preferred = new ArrayList<>();
        for (JsonNode each :
                spec.path("affinity")
                        .path("nodeAffinity")
                        .path("preferredDuringSchedulingIgnoredDuringExecution")) {
            preferred.add(
                    new PreferredNode(
                            each.path("weight").asInt(0),
                            NodeSelection.Term.of(each.path("preference"))));
        }
        return List.copyOf(preferred);
    }

    private static List<String> images(JsonNode spec) {
        List<String> images = new ArrayList<>();
        spec.path("initContainers").forEach(c -> images.add(c.path("image").asString("")));
        spec.path("containers").forEach(c -> images.add(c.path("image").asString("")));
        return List.copyOf(images);
    }

    /** An ephemeral volume's claim is called after the pod and the volume (KEP-1698). */
    private static List<String> claims(String pod, JsonNode spec) {
        List<String> claims = new ArrayList<>();
        for (JsonNode volume : spec.path("volumes")) {
            String claim = volume.path("persistentVolumeClaim").path("claimName").asString("");
            if (!claim.isEmpty()) {
                claims.add(claim);
            } else if (volume.has("ephemeral")) {
                claims.add(pod + "-" + volume.path("name").asString(""));
            }
        }
        return List.copyOf(claims);
    }

    private static String owner(ObjectNode pod) {
        return Metadata.ownerReferences(pod).stream()
                .filter(Metadata.OwnerReference::controller)
                .map(Metadata.OwnerReference::uid)
                .findFirst()
                .orElse("");
    }
}
