package io.hypernetes.controllers;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.select.LabelSelector;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Fills the rules of ClusterRoles that are made of others, in every world: of that world's own, and
 * of the operator's default roles, which every world has.
 */
public final class RoleAggregationController implements Reconciler<ObjectKey>, AutoCloseable {

    private static final String DEFAULTS = "kubernetes.io/bootstrapping";
    private static final String DEFAULTS_VALUE = "rbac-defaults";

    private final Client client;
    private final Informer roles;
    private final Controller<ObjectKey> controller;

    public RoleAggregationController(Client client) {
        this.client = client;
        this.roles = new Informer(client, BuiltinTypes.CLUSTER_ROLES).lean();
        this.controller =
                new Controller<ObjectKey>("role-aggregation", 1, this)
                        .watchKeys(roles, this::aggregates);
    }

    public RoleAggregationController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
        roles.close();
    }

    /** Every role of that world which is made of others. */
    private Stream<ObjectKey> aggregates(ObjectKey changed) {
        return roles.objects(changed.tenant()).stream()
                .filter(role -> role.path("aggregationRule").isObject())
                .map(role -> new ObjectKey(changed.tenant(), "", Metadata.name(role)));
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> found = roles.get(key);
        if (found.isEmpty() || !found.get().path("aggregationRule").isObject()) {
            return DONE;
        }
        List<LabelSelector> selectors =
                found.get()
                        .path("aggregationRule")
                        .path("clusterRoleSelectors")
                        .valueStream()
                        .map(selector -> LabelSelector.fromObject(selector))
                        .toList();
        ArrayNode rules = JsonNodeFactory.instance.arrayNode();
        parts(key.tenant())
                .filter(role -> !Metadata.name(role).equals(key.name()))
                .filter(role -> selectors.stream().anyMatch(selector -> selector.matches(role)))
                .forEach(role -> role.path("rules").forEach(rule -> addOnce(rules, rule)));
        if (!Json.same(found.get().path("rules"), rules)) {
            ObjectNode changed = found.get().deepCopy();
            changed.set("rules", rules);
            client.update(BuiltinTypes.CLUSTER_ROLES, key.tenant(), changed);
        }
        return DONE;
    }

    private Stream<ObjectNode> parts(Tenant tenant) {
        Stream<ObjectNode> own = roles.objects(tenant).stream();
        return tenant.isSystem()
                ? own
                : Stream.concat(
                        roles.objects(Tenant.SYSTEM).stream()
                                .filter(role ->
                                        Metadata.label(role, DEFAULTS).equals(DEFAULTS_VALUE)),
                        own);
    }

    private static void addOnce(ArrayNode rules, JsonNode rule) {
        for (JsonNode present : rules) {
            if (Json.same(present, rule)) {
                return;
            }
        }
        rules.add(rule.deepCopy());
    }
}
