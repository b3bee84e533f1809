package io.hypernetes.controllers;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;

/**
 * Empties a namespace that is being deleted and then lets it go: pods first, so that their volumes
 * are free, then claims, then everything else.
 */
public final class NamespaceController implements Reconciler<ObjectKey>, AutoCloseable {

    private static final int WORKERS = 4;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(300);
    private static final String KUBERNETES = "kubernetes";

    private final Client client;
    private final Clock clock;
    private final Informer namespaces;
    private final WorldTypes types;
    private final Controller<ObjectKey> controller;

    public NamespaceController(Client client, WorldTypes types, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.namespaces = new Informer(client, BuiltinTypes.NAMESPACES);
        this.types = types;
        this.controller = Controller.of("namespace", WORKERS, namespaces, this);
    }

    public NamespaceController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
        namespaces.close();
    }

    @Override
    public Result reconcile(ObjectKey key) {
        ObjectNode namespace = namespaces.get(key).map(ObjectNode::deepCopy).orElse(null);
        if (namespace == null || !Metadata.isBeingDeleted(namespace)) {
            return DONE;
        }
        for (List<ResourceType> step : order(key.tenant())) {
            List<String> remaining = step.stream().flatMap(type -> empty(type, key)).toList();
            if (!remaining.isEmpty()) {
                tell(key, namespace, remaining);
                return Reconciler.again(LOOK_AGAIN);
            }
        }
        finish(key, namespace);
        return DONE;
    }

    private List<List<ResourceType>> order(Tenant tenant) {
        return List.of(
                List.of(BuiltinTypes.PODS),
                List.of(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS),
                types.of(tenant).stored().stream().filter(ResourceType::namespaced).toList());
    }

    /** Asks for the deletion of every object; says what is still there. */
    private Stream<String> empty(ResourceType type, ObjectKey namespace) {
        List<TenantObject> objects =
                client.list(type, Selection.of(namespace.tenant(), namespace.name())).items();
        for (TenantObject object : objects) {
            if (!Metadata.isBeingDeleted(object.object())) {
                delete(type, object.key());
            }
        }
        int left =
                client.list(type, Selection.of(namespace.tenant(), namespace.name()))
                        .items()
                        .size();
        return left == 0
                ? Stream.empty()
                : Stream.of(type + " has " + left + " resource instances");
    }

    private void delete(ResourceType type, ObjectKey key) {
        try {
            client.delete(type, key, DeleteOptions.DEFAULT);
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }

    /** The condition in which upstream says what a deletion waits for. */
    private void tell(ObjectKey key, ObjectNode namespace, List<String> remaining) {
        String message = "Some resources are remaining: " + String.join(", ", remaining);
        ObjectNode status = namespace.withObject("status").put("phase", "Terminating");
        ArrayNode conditions = status.putArray("conditions");
        ObjectNode condition =
                conditions
                        .addObject()
                        .put("type", "NamespaceContentRemaining")
                        .put("status", "True")
                        .put("reason", "SomeResourcesRemain")
                        .put("message", message);
        String told =
                namespaces
                        .get(key)
                        .map(n -> n.path("status").path("conditions").path(0).path("message"))
                        .map(node -> node.asString(""))
                        .orElse("");
        if (!told.equals(message)) {
            condition.put(
                    "lastTransitionTime",
                    clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
            client.updateStatus(BuiltinTypes.NAMESPACES, key.tenant(), namespace);
        }
    }

    private void finish(ObjectKey key, ObjectNode namespace) {
        ObjectNode patch = Json.object();
        ArrayNode others = patch.putObject("spec").putArray("finalizers");
        namespace
                .path("spec")
                .path("finalizers")
                .forEach(finalizer -> {
                    if (!finalizer.asString("").equals(KUBERNETES)) {
                        others.add(finalizer);
                    }
                });
        if (others.size() < namespace.path("spec").path("finalizers").size()) {
            client.patch(BuiltinTypes.NAMESPACES, key, new Patch.Merge(patch), "finalize");
        }
    }
}
