package io.hypernetes.scheduler.cluster;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.select.LabelSelector;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One term of a pod's affinity or anti-affinity to other pods of its tenant.
 *
 * @param namespaces named by the term; the pod's own when it says nothing of namespaces
 * @param namespaceSelector those whose labels it matches, too
 * @param weight of a preferred term, 0 of a required one
 */
public record AffinityTerm(
        String topologyKey,
        LabelSelector selector,
        Set<String> namespaces,
        Optional<LabelSelector> namespaceSelector,
        int weight) {

    static List<AffinityTerm> required(ObjectNode pod, String kind) {
        List<AffinityTerm> terms = new ArrayList<>();
        JsonNode list =
                pod.path("spec")
                        .path("affinity")
                        .path(kind)
                        .path("requiredDuringSchedulingIgnoredDuringExecution");
        list.forEach(term -> terms.add(of(pod, term, 0)));
        return List.copyOf(terms);
    }

    static List<AffinityTerm> preferred(ObjectNode pod, String kind) {
        List<AffinityTerm> terms = new ArrayList<>();
        JsonNode list =
                pod.path("spec")
                        .path("affinity")
                        .path(kind)
                        .path("preferredDuringSchedulingIgnoredDuringExecution");
        list.forEach(term ->
                terms.add(of(pod, term.path("podAffinityTerm"), term.path("weight").asInt(0))));
        return List.copyOf(terms);
    }

    private static AffinityTerm of(ObjectNode pod, JsonNode term, int weight) {
        Set<String> namespaces = new HashSet<>();
        term.path("namespaces").forEach(name -> namespaces.add(name.asString("")));
        Optional<LabelSelector> selector =
                term.path("namespaceSelector") instanceof ObjectNode labels
                        ? Optional.of(LabelSelector.fromObject(labels))
                        : Optional.empty();
        if (namespaces.isEmpty() && selector.isEmpty()) {
            namespaces.add(Metadata.namespace(pod));
        }
        return new AffinityTerm(
                term.path("topologyKey").asString(""),
                Selectors.withLabelKeys(
                        LabelSelector.fromObject(term.path("labelSelector")),
                        Metadata.labels(pod),
                        term.path("matchLabelKeys"),
                        term.path("mismatchLabelKeys")),
                Set.copyOf(namespaces),
                selector,
                weight);
    }

    /** Whether the pod, of the same tenant, is one that the term is about. */
    public boolean matches(PodView pod, Namespaces labels) {
        return covers(pod.key().namespace(), pod, labels) && selector.matches(pod.labels());
    }

    private boolean covers(String namespace, PodView pod, Namespaces labels) {
        return namespaces.contains(namespace)
                || namespaceSelector
                        .filter(wanted ->
                                wanted.isEverything()
                                        || wanted.matches(
                                                labels.labels(pod.key().tenant(), namespace)))
                        .isPresent();
    }

    /** Only its own namespace, so that no other need be looked through. */
    public Optional<String> onlyNamespace() {
        return namespaceSelector.isEmpty() && namespaces.size() == 1
                ? Optional.of(namespaces.iterator().next())
                : Optional.empty();
    }

    /** Empty when the node has no such label. */
    public String domain(Map<String, String> nodeLabels) {
        return nodeLabels.getOrDefault(topologyKey, "");
    }
}
