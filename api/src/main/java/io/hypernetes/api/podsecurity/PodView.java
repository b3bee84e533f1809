package io.hypernetes.api.podsecurity;

import io.hypernetes.api.types.core.ContainerLists;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** A pod, or the template of one, as the checks look at it. */
public record PodView(JsonNode metadata, JsonNode spec) {

    /** Init, ordinary and ephemeral containers, in this order. */
    List<JsonNode> containers() {
        List<JsonNode> all = new ArrayList<>();
        for (String list : ContainerLists.ALL) {
            spec.path(list).forEach(all::add);
        }
        return all;
    }

    /** The names of the containers of which this is true. */
    List<String> named(Predicate<JsonNode> test) {
        return containers().stream().filter(test).map(c -> c.path("name").asString("")).toList();
    }

    JsonNode securityContext() {
        return spec.path("securityContext");
    }

    boolean isWindows() {
        return spec.path("os").path("name").asString("").equals("windows");
    }

    /** Whether root in the pod is nobody outside of it (KEP-127). */
    boolean hasOwnUsers() {
        return isFalse(spec.path("hostUsers"));
    }

    static boolean isTrue(JsonNode node) {
        return node.isBoolean() && node.booleanValue();
    }

    static boolean isFalse(JsonNode node) {
        return node.isBoolean() && !node.booleanValue();
    }

    /** Those who set something bad: the pod itself, and the containers. */
    static String setters(boolean pod, List<String> containers) {
        List<String> setters = new ArrayList<>();
        if (pod) {
            setters.add("pod");
        }
        if (!containers.isEmpty()) {
            setters.add(Violation.containers(containers));
        }
        return String.join(" and ", setters);
    }
}
