package io.hypernetes.scheduler;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.scheduler.cluster.Namespaces;
import io.hypernetes.scheduler.decision.Decider;
import io.hypernetes.scheduler.plugin.Claims;
import io.hypernetes.scheduler.plugin.Profile;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a decision looks up beside pods and nodes, as plain maps: the same for all tenants. */
final class Worlds implements Claims, Namespaces {

    private final Map<String, ObjectNode> objects = new HashMap<>();
    private final List<ObjectNode> budgets = new ArrayList<>();

    Decider decider() {
        return new Decider(Profile.standard(this, this), (_, _) -> budgets);
    }

    private void put(String key, String json) {
        objects.put(key, tree(json));
    }

    static ObjectNode tree(String json) {
        return Json.parseObject(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    void claim(String namespace, String name, String json) {
        put("claim/" + namespace + "/" + name, json);
    }

    void deviceClaim(String namespace, String name, String json) {
        put("device/" + namespace + "/" + name, json);
    }

    void volume(String name, String json) {
        put("volume/" + name, json);
    }

    void storageClass(String name, String json) {
        put("class/" + name, json);
    }

    void budget(String json) {
        budgets.add(tree(json));
    }

    @Override
    public Optional<ObjectNode> claim(ObjectKey key) {
        return Optional.ofNullable(objects.get("claim/" + key.namespace() + "/" + key.name()));
    }

    @Override
    public Optional<ObjectNode> deviceClaim(ObjectKey key) {
        return Optional.ofNullable(objects.get("device/" + key.namespace() + "/" + key.name()));
    }

    @Override
    public Optional<ObjectNode> volume(Tenant tenant, String name) {
        return Optional.ofNullable(objects.get("volume/" + name));
    }

    @Override
    public Optional<ObjectNode> storageClass(Tenant tenant, String name) {
        return Optional.ofNullable(objects.get("class/" + name));
    }

    @Override
    public Map<String, String> labels(Tenant tenant, String namespace) {
        return Map.of("kubernetes.io/metadata.name", namespace);
    }
}
