package io.hypernetes.server.custom;

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
import io.hypernetes.api.custom.Conditions;
import io.hypernetes.api.custom.DefinitionStrategy;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.Follower;
import io.hypernetes.server.registry.ObjectFilter;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.registry.ServedEvent;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * Follows the definitions of all worlds: accepts names, establishes, and when one is deleted
 * deletes its objects before it lets it go. One virtual thread, and one for each definition that is
 * being deleted: its objects may have to be converted by a tenant's webhook, which must keep no
 * other tenant waiting. All is decided from what is stored, so that any number of servers may run
 * it at once and any may die.
 */
public final class DefinitionController implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DefinitionController.class);
    private static final ResourceType DEFINITIONS = ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS;
    private static final String TERMINATING = "Terminating";

    /** How soon a deletion that waits for finalizers is looked at again. */
    private static final Duration LOOK_AGAIN = Duration.ofMillis(250);

    /** The same after a failure, such as that of a webhook that converts. */
    private static final Duration AFTER_FAILURE = Duration.ofSeconds(5);

    private static final Duration IDLE = Duration.ofMinutes(5);

    private final Reads reads;
    private final Client client;
    private final CustomTypes types;
    private final Consumer<Tenant> changed;
    private final Clock clock;
    private final Follower follower;

    /** What is not done yet; the follower's own. */
    private final Set<ObjectKey> open = new LinkedHashSet<>();

    /** Definitions whose objects are being deleted right now, each by a thread of its own. */
    private final Set<ObjectKey> demolished = ConcurrentHashMap.newKeySet();

    /**
     * @param changed told of the tenant when what one of its definitions says may have changed
     */
    public DefinitionController(
            Reads reads, Client client, CustomTypes types, Consumer<Tenant> changed, Clock clock) {
        this.changed = changed;
        this.reads = reads;
        this.client = client;
        this.types = types;
        this.clock = clock;
        this.follower =
                new Follower(
                        "custom-resource-definitions",
                        reads,
                        Extent.everywhere(DEFINITIONS),
                        new Steps());
    }

    public DefinitionController start() {
        follower.start();
        return this;
    }

    private final class Steps implements Follower.Duty {
        @Override
        public void begin(List<Served> all) {
            all.forEach(definition -> open.add(key(definition)));
        }

        @Override
        public void see(ServedEvent event) {
            Served definition = event.object();
            switch (event.type()) {
                case DELETED -> {
                    types.forget(definition.path());
                    // Its names are free now: somebody may have waited for them.
                    definitions(definition.tenant()).forEach(other -> open.add(key(other)));
                }
                default -> open.add(key(definition));
            }
            changed.accept(definition.tenant());
        }

        @Override
        public Duration work() {
            reconcileOpen();
            return open.isEmpty() ? IDLE : LOOK_AGAIN;
        }
    }

    private static ObjectKey key(Served definition) {
        return new ObjectKey(definition.tenant(), "", definition.path().name());
    }

    private List<Served> definitions(Tenant tenant) {
        return reads.listCurrent(
                new Extent(DEFINITIONS, Optional.of(tenant), "", ObjectFilter.EVERYTHING));
    }

    private void reconcileOpen() {
        for (ObjectKey key : List.copyOf(open)) {
            Thread.yield(); // at a start there are those of all worlds
            try {
                if (reconcile(key)) {
                    open.remove(key);
                }
            } catch (ApiException e) {
                // Another writer was faster, or the object is gone: its event comes.
                if (e.is(Reason.NOT_FOUND)) {
                    open.remove(key);
                } else if (!e.is(Reason.CONFLICT)) {
                    LOG.warn("custom resource definition {}: {}", key, e.getMessage());
                }
            }
        }
    }

    /** Whether there is nothing left to do until the definition changes. */
    private boolean reconcile(ObjectKey key) {
        Optional<Served> found = reads.find(DEFINITIONS, key.tenant(), "", key.name());
        if (found.isEmpty()) {
            return true;
        }
        ObjectNode definition = found.get().copy();
        if (Metadata.isBeingDeleted(definition)) {
            if (!Metadata.finalizers(definition).contains(DefinitionStrategy.FINALIZER)) {
                return true;
            }
            if (demolished.add(key)) {
                follower.apart(
                        "definition-" + key, () -> demolishApart(key, found.get(), definition));
            }
            return false;
        }
        List<ObjectNode> others = new ArrayList<>();
        for (Served other : definitions(key.tenant())) {
            if (!other.path().name().equals(key.name())) {
                others.add(other.tree());
            }
        }
        boolean changed = Naming.accept(definition, others, now());
        changed |= Approval.tell(definition, now());
        if (changed) {
            client.updateStatus(DEFINITIONS, key.tenant(), definition);
            definitions(key.tenant()).stream()
                    .map(DefinitionController::key)
                    .filter(other -> !other.equals(key))
                    .forEach(open::add);
        }
        return true;
    }

    private Instant now() {
        return clock.instant();
    }

    // Deletion.

    private void demolishApart(ObjectKey key, Served served, ObjectNode definition) {
        try {
            demolish(key, served, definition);
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND) && !e.is(Reason.CONFLICT) && !follower.isClosed()) {
                LOG.warn("custom resource definition {}: {}", key, e.getMessage());
                pause();
            }
        } finally {
            demolished.remove(key);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(AFTER_FAILURE);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private void demolish(ObjectKey key, Served served, ObjectNode definition) {
        List<ResourceType> versions = types.of(served);
        if (versions.isEmpty()) {
            finish(key, definition, "NeverEstablished", "resource was never established");
            return;
        }
        if (Conditions.set(
                definition,
                TERMINATING,
                true,
                "InstanceDeletionInProgress",
                "CustomResource deletion is in progress",
                now())) {
            client.updateStatus(DEFINITIONS, key.tenant(), definition);
            return;
        }
        // In the version that is stored nothing has to be converted.
        ResourceType type =
                versions.stream()
                        .filter(ResourceType::isStored)
                        .findFirst()
                        .orElseGet(versions::getFirst);
        for (TenantObject object : objects(type, key.tenant())) {
            if (!Metadata.isBeingDeleted(object.object())) {
                delete(type, object.key());
            }
        }
        if (objects(type, key.tenant()).isEmpty()) {
            finish(key, definition, "InstanceDeletionCompleted", "removed all instances");
        }
    }

    private List<TenantObject> objects(ResourceType type, Tenant tenant) {
        return client.list(type, Selection.of(tenant)).items();
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

    private void finish(ObjectKey key, ObjectNode definition, String reason, String message) {
        Conditions.set(definition, TERMINATING, false, reason, message, now());
        ObjectNode updated = client.updateStatus(DEFINITIONS, key.tenant(), definition);
        ObjectNode patch = Json.object();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.put("resourceVersion", Metadata.resourceVersion(updated));
        ArrayNode left = metadata.putArray("finalizers");
        for (String finalizer : Metadata.finalizers(updated)) {
            if (!finalizer.equals(DefinitionStrategy.FINALIZER)) {
                left.add(finalizer);
            }
        }
        client.patch(DEFINITIONS, key, new Patch.Merge(patch), "");
    }

    @Override
    public void close() {
        follower.close();
    }
}
