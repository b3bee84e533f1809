package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.placement.NodeSelection;
import io.hypernetes.api.placement.Taint;
import io.hypernetes.api.placement.Toleration;
import io.hypernetes.api.select.LabelSelector;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * What a DaemonSet asks for.
 *
 * @param template of its pods, with the tolerations that every daemon has
 */
record DaemonSpec(
        ObjectNode set, LabelSelector selector, JsonNode template, List<Toleration> tolerations) {

    static final String GENERATION_LABEL = "pod-template-generation";

    private static final String REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
    private static final String NAME_FIELD = "metadata.name";

    /**
     * What a daemon puts up with, whatever its template says; see upstream's
     * AddOrUpdateDaemonPodTolerations.
     */
    private static final List<List<String>> DAEMON_TOLERATIONS =
            List.of(
                    List.of("node.kubernetes.io/not-ready", "NoExecute"),
                    List.of("node.kubernetes.io/unreachable", "NoExecute"),
                    List.of("node.kubernetes.io/disk-pressure", "NoSchedule"),
                    List.of("node.kubernetes.io/memory-pressure", "NoSchedule"),
                    List.of("node.kubernetes.io/pid-pressure", "NoSchedule"),
                    List.of("node.kubernetes.io/unschedulable", "NoSchedule"));

    static DaemonSpec of(ObjectNode set) {
        JsonNode template = set.path("spec").path("template").deepCopy();
        if (template.path("spec") instanceof ObjectNode spec) {
            ArrayNode tolerations = spec.withArray("tolerations");
            DAEMON_TOLERATIONS.forEach(t -> tolerate(tolerations, t.getFirst(), t.getLast()));
            if (spec.path("hostNetwork").asBoolean(false)) {
                tolerate(tolerations, "node.kubernetes.io/network-unavailable", "NoSchedule");
            }
        }
        return new DaemonSpec(
                set,
                LabelSelector.fromObject(set.path("spec").path("selector")),
                template,
                Toleration.all(template.path("spec").path("tolerations")));
    }

    private static void tolerate(ArrayNode tolerations, String key, String effect) {
        for (JsonNode known : tolerations) {
            if (known.path("key").asString("").equals(key)
                    && known.path("effect").asString("").equals(effect)
                    && known.path("operator").asString("").equals("Exists")) {
                return;
            }
        }
        tolerations.addObject().put("key", key).put("operator", "Exists").put("effect", effect);
    }

    int minReadySeconds() {
        return set.path("spec").path("minReadySeconds").asInt(0);
    }

    boolean rolls() {
        return !set.at("/spec/updateStrategy/type").asString("").equals("OnDelete");
    }

    int maxUnavailable(int desired) {
        JsonNode value = set.at("/spec/updateStrategy/rollingUpdate/maxUnavailable");
        int most = value.isMissingNode() ? 1 : Share.roundedUp(value, desired);
        return most == 0 && maxSurge(desired) == 0 ? 1 : most;
    }

    int maxSurge(int desired) {
        JsonNode value = set.at("/spec/updateStrategy/rollingUpdate/maxSurge");
        return value.isMissingNode() ? 0 : Share.roundedUp(value, desired);
    }

    long templateGeneration() {
        String text = Metadata.annotation(set, "deprecated.daemonset.template.generation");
        return text.isEmpty() ? Metadata.generation(set) : Long.parseLong(text);
    }

    /** Whether a pod belongs on the node, and whether one that is there may stay. */
    record Verdict(boolean run, boolean stay) {}

    Verdict on(ObjectNode node) {
        String name = Metadata.name(node);
        String wanted = template.path("spec").path("nodeName").asString("");
        boolean fits =
                (wanted.isEmpty() || wanted.equals(name))
                        && NodeSelection.ofPod(template.path("spec"))
                                .matches(name, Metadata.labels(node));
        boolean schedules = true;
        boolean stays = true;
        for (JsonNode each : node.path("spec").path("taints")) {
            Taint taint = Taint.of(each);
            if (taint.repels() && !Toleration.tolerates(tolerations, taint)) {
                schedules = false;
                stays &= !taint.effect().equals("NoExecute");
            }
        }
        return new Verdict(fits && schedules, fits && stays);
    }

    /** A pod that the scheduler can put on this node alone. */
    ObjectNode pod(String node, String hash, ObjectNode reference) {
        ObjectNode pod = PodTemplate.pod(set, template, reference);
        Metadata.ensureLabels(pod)
                .put(SetRevisions.HASH_LABEL, hash)
                .put(GENERATION_LABEL, Long.toString(templateGeneration()));
        ObjectNode affinity =
                pod.withObject("spec").withObject("affinity").withObject("nodeAffinity");
        ObjectNode required = affinity.withObject(REQUIRED);
        JsonNode terms = required.path("nodeSelectorTerms");
        ArrayNode tied = Json.object().putArray("terms");
        if (terms.isEmpty()) {
            tie(tied.addObject(), node);
        }
        for (JsonNode term : terms) {
            // The names in a term's own matchFields are what the node was chosen by.
            tie(tied.add(term.deepCopy()).get(tied.size() - 1), node);
        }
        required.set("nodeSelectorTerms", tied);
        return pod;
    }

    private static void tie(JsonNode term, String node) {
        if (term instanceof ObjectNode object) {
            object.putArray("matchFields")
                    .addObject()
                    .put("key", NAME_FIELD)
                    .put("operator", "In")
                    .putArray("values")
                    .add(node);
        }
    }

    /** The node a daemon's pod is on, or is meant for while it waits. */
    static String nodeOf(ObjectNode pod) {
        String node = PodState.node(pod);
        if (!node.isEmpty()) {
            return node;
        }
        for (JsonNode term :
                pod.path("spec")
                        .path("affinity")
                        .path("nodeAffinity")
                        .path(REQUIRED)
                        .path("nodeSelectorTerms")) {
            for (JsonNode field : term.path("matchFields")) {
                if (field.path("key").asString("").equals(NAME_FIELD)) {
                    return field.path("values").path(0).asString("");
                }
            }
        }
        return "";
    }
}
