package io.hypernetes.server.discovery;

import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The discovery documents of one world: the classic ones and the aggregated one (KEP-3352). */
final class Catalog {
    /** Group to versions to resources, in the order of the table of types. */
    private final Map<String, Map<String, List<Discovered>>> groups = new LinkedHashMap<>();

    Catalog(List<Discovered> resources) {
        for (Discovered resource : resources) {
            groups.computeIfAbsent(resource.group(), g -> new LinkedHashMap<>())
                    .computeIfAbsent(resource.version(), v -> new java.util.ArrayList<>())
                    .add(resource);
        }
    }

    /**
     * {@code /api}.
     *
     * @param address at which clients from everywhere reach this server: HOST:PORT
     */
    ObjectNode coreVersions(Optional<String> address) {
        ObjectNode tree = Json.object().put("kind", "APIVersions");
        tree.putArray("versions").add("v1");
        ArrayNode addresses = tree.putArray("serverAddressByClientCIDRs");
        address.ifPresent(at ->
                addresses.addObject().put("clientCIDR", "0.0.0.0/0").put("serverAddress", at));
        return tree;
    }

    /** {@code /apis}. */
    ObjectNode groupList() {
        ObjectNode tree = Json.object().put("kind", "APIGroupList").put("apiVersion", "v1");
        ArrayNode list = tree.putArray("groups");
        groups.keySet().stream().filter(g -> !g.isEmpty()).forEach(g -> list.add(describe(g)));
        return tree;
    }

    /** {@code /apis/GROUP}. */
    Optional<ObjectNode> group(String name) {
        if (name.isEmpty() || !groups.containsKey(name)) {
            return Optional.empty();
        }
        ObjectNode tree = Json.object().put("kind", "APIGroup").put("apiVersion", "v1");
        tree.setAll(describe(name));
        return Optional.of(tree);
    }

    private ObjectNode describe(String group) {
        ObjectNode tree = Json.object().put("name", group);
        ArrayNode versions = tree.putArray("versions");
        for (String version : groups.getOrDefault(group, Map.of()).keySet()) {
            versions.addObject().put("groupVersion", group + "/" + version).put("version", version);
        }
        tree.set("preferredVersion", versions.get(0).deepCopy());
        return tree;
    }

    /** {@code /api/v1}, {@code /apis/GROUP/VERSION}. */
    Optional<ObjectNode> resourceList(String group, String version) {
        List<Discovered> resources =
                groups.getOrDefault(group, Map.of()).getOrDefault(version, List.of());
        if (resources.isEmpty()) {
            return Optional.empty();
        }
        ObjectNode tree = Json.object().put("kind", "APIResourceList").put("apiVersion", "v1");
        tree.put("groupVersion", group.isEmpty() ? version : group + "/" + version);
        ArrayNode list = tree.putArray("resources");
        for (Discovered resource : resources) {
            ObjectNode one = list.addObject();
            one.put("name", resource.resource()).put("singularName", resource.singular());
            one.put("namespaced", resource.namespaced()).put("kind", resource.kind());
            addAll(one, "verbs", resource.verbs());
            addUnlessEmpty(one, "shortNames", resource.shortNames());
            addUnlessEmpty(one, "categories", resource.categories());
            resource.storageVersionHash().ifPresent(hash -> one.put("storageVersionHash", hash));
            for (Discovered.Part part : resource.subresources()) {
                ObjectNode sub = list.addObject();
                sub.put("name", resource.resource() + "/" + part.name()).put("singularName", "");
                sub.put("namespaced", resource.namespaced());
                if (!part.kind().group().equals(group)) {
                    sub.put("group", part.kind().group()).put("version", part.kind().version());
                }
                sub.put("kind", part.kind().kind());
                addAll(sub, "verbs", part.verbs());
            }
        }
        return Optional.of(tree);
    }

    /**
     * Everything below {@code /api} or {@code /apis} in one answer.
     *
     * @param version of the group apidiscovery.k8s.io
     */
    ObjectNode aggregated(boolean core, String version) {
        ObjectNode tree = Json.object().put("kind", "APIGroupDiscoveryList");
        tree.put("apiVersion", "apidiscovery.k8s.io/" + version);
        tree.putObject("metadata");
        ArrayNode items = tree.putArray("items");
        groups.forEach((group, versions) -> {
            if (group.isEmpty() == core) {
                items.add(aggregatedGroup(group, versions));
            }
        });
        return tree;
    }

    private static ObjectNode aggregatedGroup(
            String group, Map<String, List<Discovered>> versions) {
        ObjectNode tree = Json.object();
        ObjectNode metadata = tree.putObject("metadata");
        if (!group.isEmpty()) {
            metadata.put("name", group);
        }
        metadata.putNull("creationTimestamp");
        ArrayNode list = tree.putArray("versions");
        versions.forEach((version, resources) -> {
            ObjectNode one = list.addObject().put("version", version);
            ArrayNode members = one.putArray("resources");
            resources.forEach(resource -> members.add(aggregatedResource(resource)));
            one.put("freshness", "Current");
        });
        return tree;
    }

    private static ObjectNode aggregatedResource(Discovered resource) {
        ObjectNode tree = Json.object().put("resource", resource.resource());
        tree.set(
                "responseKind",
                kind(new GroupVersionKind(resource.group(), resource.version(), resource.kind())));
        tree.put("scope", resource.namespaced() ? "Namespaced" : "Cluster");
        tree.put("singularResource", resource.singular());
        addAll(tree, "verbs", resource.verbs());
        addUnlessEmpty(tree, "shortNames", resource.shortNames());
        addUnlessEmpty(tree, "categories", resource.categories());
        if (!resource.subresources().isEmpty()) {
            ArrayNode parts = tree.putArray("subresources");
            for (Discovered.Part part : resource.subresources()) {
                ObjectNode one = parts.addObject().put("subresource", part.name());
                one.set("responseKind", kind(part.kind()));
                addAll(one, "verbs", part.verbs());
            }
        }
        return tree;
    }

    private static ObjectNode kind(GroupVersionKind kind) {
        return Json.object()
                .put("group", kind.group())
                .put("version", kind.version())
                .put("kind", kind.kind());
    }

    private static void addAll(ObjectNode tree, String field, List<String> texts) {
        ArrayNode array = tree.putArray(field);
        texts.forEach(array::add);
    }

    private static void addUnlessEmpty(ObjectNode tree, String field, List<String> texts) {
        if (!texts.isEmpty()) {
            addAll(tree, field, texts);
        }
    }
}
