package io.hypernetes.controllers;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.api.types.apiregistration.ApiServiceStrategy;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Tells what is served by APIServices of its own making: the built-in groups in the operator's
 * world, from where they are projected into all others, and the groups of a world's
 * CustomResourceDefinitions there. One that somebody else made is left alone.
 */
public final class ApiServiceController
        implements Reconciler<ApiServiceController.Group>, FeedReader.Listener, AutoCloseable {

    private static final ResourceType SERVICES = ExtensionTypes.API_SERVICES;
    private static final ResourceType DEFINITIONS = ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS;
    private static final int WORKERS = 1;

    /** Upstream's for all groups of definitions: after those that are built in. */
    private static final GroupPriorities.Priority OF_DEFINITIONS =
            new GroupPriorities.Priority(1000, 100);

    /** One API group of one world. */
    public record Group(Tenant tenant, String name) {}

    private final Client client;
    private final Controller<Group> controller;

    /**
     * @param reader of the change feed; the caller starts it afterwards
     */
    public ApiServiceController(Client client, FeedReader reader) {
        this.client = client;
        this.controller = new Controller<>("api-services", WORKERS, this);
        reader.listen(this);
    }

    public ApiServiceController start() {
        controller.start();
        GroupPriorities.groups()
                .forEach(group -> controller.enqueue(new Group(Tenant.SYSTEM, group)));
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    /** The names of both kinds end with the group: {@code widgets.GROUP}, {@code v1.GROUP}. */
    @Override
    public void seen(ChangeFeed.Item item) {
        if (item.resource().equals(DEFINITIONS.id()) || item.resource().equals(SERVICES.id())) {
            String name = item.key().name();
            controller.enqueue(
                    new Group(item.key().tenant(), name.substring(name.indexOf('.') + 1)));
        }
    }

    @Override
    public Result reconcile(Group group) {
        boolean builtIn = GroupPriorities.isBuiltIn(group.name());
        if (builtIn && !group.tenant().isSystem()) {
            return DONE;
        }
        Map<String, GroupPriorities.Priority> wanted =
                builtIn ? GroupPriorities.versions(group.name()) : versionsOfDefinitions(group);
        String label = builtIn ? ApiServiceStrategy.ON_START : ApiServiceStrategy.FOLLOWS;
        wanted.forEach((version, priority) -> keep(group, version, priority, label));
        for (TenantObject known : client.list(SERVICES, Selection.of(group.tenant())).items()) {
            ObjectNode service = known.object();
            boolean stale =
                    service.at("/spec/group").asString("").equals(group.name())
                            && Metadata.label(service, ApiServiceStrategy.AUTO_MANAGED)
                                    .equals(label)
                            && !wanted.containsKey(service.at("/spec/version").asString(""));
            if (stale) {
                remove(new ObjectKey(group.tenant(), "", Metadata.name(service)));
            }
        }
        return DONE;
    }

    private Map<String, GroupPriorities.Priority> versionsOfDefinitions(Group group) {
        Map<String, GroupPriorities.Priority> versions = new TreeMap<>();
        for (TenantObject known : client.list(DEFINITIONS, Selection.of(group.tenant())).items()) {
            ObjectNode definition = known.object();
            if (definition.at("/spec/group").asString("").equals(group.name())) {
                for (JsonNode version : definition.at("/spec/versions")) {
                    if (version.path("served").asBoolean(false)) {
                        versions.put(version.path("name").asString(""), OF_DEFINITIONS);
                    }
                }
            }
        }
        return versions;
    }

    private void keep(
            Group group, String version, GroupPriorities.Priority priority, String label) {
        ObjectKey key = new ObjectKey(group.tenant(), "", version + "." + group.name());
        ObjectNode wanted = Json.object();
        Metadata.ensureMetadata(wanted).put("name", key.name());
        Metadata.ensureLabels(wanted).put(ApiServiceStrategy.AUTO_MANAGED, label);
        ObjectNode spec = wanted.putObject("spec");
        if (!group.name().isEmpty()) {
            spec.put("group", group.name());
        }
        spec.put("version", version)
                .put("groupPriorityMinimum", priority.group())
                .put("versionPriority", priority.version());
        Optional<ObjectNode> known = client.find(SERVICES, key);
        if (known.isEmpty()) {
            client.create(SERVICES, group.tenant(), wanted);
            return;
        }
        boolean ours = Metadata.label(known.get(), ApiServiceStrategy.AUTO_MANAGED).equals(label);
        if (ours && !Json.same(known.get().path("spec"), spec)) {
            ObjectNode repaired = known.get().deepCopy();
            repaired.set("spec", spec);
            client.update(SERVICES, group.tenant(), repaired);
        }
    }

    private void remove(ObjectKey key) {
        try {
            client.delete(SERVICES, key, DeleteOptions.DEFAULT);
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }
}
