package io.hypernetes.identity.rbac;

import io.hypernetes.api.access.Attributes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** A {@code PolicyRule} of rbac/v1. */
public record Rule(
        List<String> verbs,
        List<String> apiGroups,
        List<String> resources,
        List<String> resourceNames,
        List<String> nonResourceUrls) {

    static final String ALL = "*";

    /** The rules of a Role or ClusterRole. */
    public static List<Rule> of(ObjectNode role) {
        List<Rule> rules = new ArrayList<>();
        for (JsonNode rule : role.path("rules")) {
            rules.add(
                    new Rule(
                            texts(rule.path("verbs")),
                            texts(rule.path("apiGroups")),
                            texts(rule.path("resources")),
                            texts(rule.path("resourceNames")),
                            texts(rule.path("nonResourceURLs"))));
        }
        return List.copyOf(rules);
    }

    public static Rule resources(
            List<String> apiGroups, List<String> resources, List<String> verbs) {
        return new Rule(verbs, apiGroups, resources, List.of(), List.of());
    }

    public static Rule paths(List<String> urls, List<String> verbs) {
        return new Rule(verbs, List.of(), List.of(), List.of(), urls);
    }

    /** Whether this rule allows the request. */
    public boolean allows(Attributes request) {
        if (!has(verbs, request.verb())) {
            return false;
        }
        if (!request.isResource()) {
            return nonResourceUrls.stream().anyMatch(url -> urlCovers(url, request.path()));
        }
        return has(apiGroups, request.group())
                && resourceMatches(request)
                && (resourceNames.isEmpty() || resourceNames.contains(request.name()));
    }

    /** {@code pods/log} is one resource; {@code *}{@code /scale} is that subresource of all. */
    private boolean resourceMatches(Attributes request) {
        String subresource = request.subresource();
        String combined =
                subresource.isEmpty() ? request.resource() : request.resource() + "/" + subresource;
        for (String resource : resources) {
            if (resource.equals(ALL)
                    || resource.equals(combined)
                    || (!subresource.isEmpty() && resource.equals("*/" + subresource))) {
                return true;
            }
        }
        return false;
    }

    static boolean urlCovers(String rule, String path) {
        return rule.equals(ALL)
                || rule.equals(path)
                || (rule.endsWith(ALL) && path.startsWith(withoutStars(rule)));
    }

    private static String withoutStars(String url) {
        int end = url.length();
        while (end > 0 && url.charAt(end - 1) == '*') {
            end--;
        }
        return url.substring(0, end);
    }

    private static boolean has(List<String> set, String wanted) {
        return set.contains(ALL) || set.contains(wanted);
    }

    /** As a tree, without the lists that are empty. */
    public ObjectNode toTree() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        put(tree, "apiGroups", apiGroups);
        put(tree, "nonResourceURLs", nonResourceUrls);
        put(tree, "resourceNames", resourceNames);
        put(tree, "resources", resources);
        put(tree, "verbs", verbs);
        return tree;
    }

    private static void put(ObjectNode tree, String field, List<String> values) {
        if (!values.isEmpty()) {
            ArrayNode array = tree.putArray(field);
            values.forEach(array::add);
        }
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        for (JsonNode item : array) {
            texts.add(item.asString(""));
        }
        return List.copyOf(texts);
    }
}
