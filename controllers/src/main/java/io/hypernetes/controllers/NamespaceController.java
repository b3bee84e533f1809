package io.hypernetes.controllers;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.client.Propagation;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Empties a namespace that is being deleted and then lets it go: pods first, so that nothing of the
 * namespace still runs when their configuration goes, then everything else of that world's types.
 * What it waits for is told in the namespace's conditions.
 */
public final class NamespaceController
        implements Reconciler<ObjectKey>, FeedReader.Listener, AutoCloseable {

    private static final int WORKERS = 4;

    /** The end of an object is seen in the feed; this is for what no event tells. */
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

    private static final String KUBERNETES = "kubernetes";

    private final Client client;
    private final Clock clock;
    private final Informer namespaces;
    private final WorldTypes types;
    private final Controller<ObjectKey> controller;

    /**
     * @param reader of the change feed; the caller starts it afterwards
     */
    public NamespaceController(Client client, WorldTypes types, FeedReader reader, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.namespaces = new Informer(client, BuiltinTypes.NAMESPACES).lean();
        this.types = types;
        this.controller = Controller.of("namespace", WORKERS, namespaces, this);
        reader.listen(this);
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
    public void seen(ChangeFeed.Item item) {
        if (item.gone() && !item.key().namespace().isEmpty()) {
            ObjectKey namespace = new ObjectKey(item.key().tenant(), "", item.key().namespace());
            if (namespaces.get(namespace).filter(Metadata::isBeingDeleted).isPresent()) {
                controller.enqueue(namespace);
            }
        }
    }

    @Override
    public Result reconcile(ObjectKey key) {
        ObjectNode namespace = namespaces.get(key).map(ObjectNode::deepCopy).orElse(null);
        if (namespace == null || !Metadata.isBeingDeleted(namespace)) {
            return DONE;
        }
        NamespaceContent content = new NamespaceContent();
        empty(BuiltinTypes.PODS, key, content);
        if (content.isEmpty()) {
            for (ResourceType type : types.of(key.tenant()).stored()) {
                if (type.namespaced()) {
                    empty(type, key, content);
                }
            }
        }
        if (!content.isEmpty()) {
            tell(key, namespace, content);
            return Reconciler.again(LOOK_AGAIN);
        }
        finish(key, namespace);
        return DONE;
    }

    /** Asks for the deletion of every object; notes what is still there. */
    private void empty(ResourceType type, ObjectKey namespace, NamespaceContent content) {
        Selection all = Selection.of(namespace.tenant(), namespace.name());
        try {
            List<TenantObject> objects = client.list(type, all).items();
            for (TenantObject object : objects) {
                if (!Metadata.isBeingDeleted(object.object())) {
                    delete(type, object);
                }
            }
            if (!objects.isEmpty()) {
                client.list(type, all)
                        .items()
                        .forEach(object -> content.remains(type, object.object()));
            }
        } catch (ApiException e) {
            content.failed(type, String.valueOf(e.getMessage()));
        }
    }

    private void delete(ResourceType type, TenantObject object) {
        try {
            client.delete(
                    type,
                    object.key(),
                    DeleteOptions.DEFAULT
                            .onlyUid(Metadata.uid(object.object()))
                            .with(Propagation.BACKGROUND));
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND) && !e.is(Reason.CONFLICT)) {
                throw e;
            }
        }
    }

    private void tell(ObjectKey key, ObjectNode namespace, NamespaceContent content) {
        ObjectNode status = namespace.withObject("status").put("phase", "Terminating");
        if (content.writeConditions(status, clock)) {
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
