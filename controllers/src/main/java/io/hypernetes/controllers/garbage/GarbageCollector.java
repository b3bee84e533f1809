package io.hypernetes.controllers.garbage;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Propagation;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.controllers.garbage.OwnedObject.Identity;
import io.hypernetes.controllers.garbage.OwnedObject.Owner;
import io.hypernetes.controllers.garbage.Owners.Classified;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The garbage collector of all worlds. An object whose owners are all gone is deleted; an owner
 * that is deleted in the foreground goes after its dependents, one that orphans them after they
 * have forgotten it.
 *
 * <p>The graph only says whom to look at: before it acts, the collector reads the object and its
 * owners anew and names uid and version in what it asks for.
 */
public final class GarbageCollector
        implements Reconciler<Identity>, FeedReader.Listener, AutoCloseable {

    private static final int WORKERS = 4;

    /** How long an owner of a type that this world does not serve may take to appear. */
    private static final Duration UNKNOWN_TYPE = Duration.ofSeconds(30);

    /** How long the feed takes, as a rule, to show what can be read. */
    private static final Duration UNTIL_READY = Duration.ofMillis(50);

    private final Client client;
    private final WorldTypes types;
    private final OwnerGraph graph = new OwnerGraph();
    private final Owners owners;
    private final EventRecorder events;
    private final Controller<Identity> controller;

    /** Set by the feed's thread when the graph is whole. */
    private volatile boolean ready;

    /**
     * @param reader of the change feed; the caller starts it after the collector
     */
    public GarbageCollector(Client client, WorldTypes types, FeedReader reader, Clock clock) {
        this.client = client;
        this.types = types;
        this.owners = new Owners(client, types);
        this.events =
                new EventRecorder(
                        client, BuiltinTypes.EVENTS, "garbage-collector-controller", clock);
        this.controller = new Controller<>("garbage-collector", WORKERS, this);
        reader.listen(this);
    }

    public GarbageCollector start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    @Override
    public void restarted() {
        ready = false;
        graph.clear();
    }

    @Override
    public void complete() {
        ready = true;
    }

    @Override
    public void seen(ChangeFeed.Item item) {
        if (item.gone()) {
            gone(item);
            return;
        }
        Optional<OwnedObject> before = graph.get(item.resource(), item.key());
        boolean relevant =
                item.mentions("\"ownerReferences\"") || item.mentions("\"deletionTimestamp\"");
        if (!relevant && before.isEmpty()) {
            return;
        }
        OwnedObject now = OwnedObject.of(identity(item), item.object());
        graph.put(now);
        boolean changed = before.isEmpty() || !before.get().equals(now);
        if (now.concernsTheCollector() && changed) {
            controller.enqueue(now.identity());
        }
        // An owner that waits looks again when one that it waited for lets it go.
        before.filter(old -> !old.owners().equals(now.owners())).ifPresent(this::enqueueOwners);
    }

    private void gone(ChangeFeed.Item item) {
        if (graph.isEmpty()) {
            return;
        }
        Identity identity = identity(item);
        Optional<OwnedObject> last = graph.get(item.resource(), item.key());
        graph.remove(item.resource(), item.key());
        graph.dependents(identity).forEach(dependent -> controller.enqueue(dependent.identity()));
        last.ifPresent(this::enqueueOwners);
    }

    private static Identity identity(ChangeFeed.Item item) {
        return new Identity(item.resource(), item.key(), Metadata.uid(item.object()));
    }

    private void enqueueOwners(OwnedObject object) {
        for (Owner owner : object.owners()) {
            graph.waiting(object.identity().key().tenant(), owner.uid())
                    .ifPresent(waiting -> controller.enqueue(waiting.identity()));
        }
    }

    @Override
    public Result reconcile(Identity identity) {
        if (!ready) {
            return Reconciler.again(UNTIL_READY);
        }
        Optional<OwnedObject> known =
                graph.get(identity.resource(), identity.key())
                        .filter(object -> object.identity().equals(identity));
        if (known.isEmpty()) {
            return DONE;
        }
        Optional<ResourceType> type = types.of(identity.key().tenant()).find(identity.resource());
        if (type.isEmpty()) {
            return DONE; // a custom type that is gone takes its objects along
        }
        Optional<ObjectNode> latest =
                client.find(type.get(), identity.key())
                        .filter(object -> Metadata.uid(object).equals(identity.uid()));
        if (latest.isEmpty()) {
            return DONE; // the feed is about to say so
        }
        OwnedObject now = OwnedObject.of(identity, latest.get());
        // All dependents of an owner are known once the feed has shown that it waits for them.
        if (!known.get().equals(now)) {
            return now.concernsTheCollector() ? Reconciler.again(UNTIL_READY) : DONE;
        }
        if (now.orphansDependents()) {
            orphan(type.get(), identity);
            return DONE;
        }
        if (now.waitsForDependents()) {
            awaitDependents(type.get(), identity);
            return DONE;
        }
        return now.beingDeleted() || now.owners().isEmpty()
                ? DONE
                : collect(type.get(), identity, latest.get());
    }

    private Result collect(ResourceType type, Identity identity, ObjectNode object) {
        Classified found = owners.classify(identity, object);
        if (found.misplaced().isPresent()) {
            tellMisplaced(identity, object, found.misplaced().get());
        }
        if (found.unknownType()) {
            return Reconciler.again(UNKNOWN_TYPE);
        }
        if (found.solid() > 0) {
            Set<String> others = new HashSet<>(found.absent());
            others.addAll(found.waiting());
            if (!others.isEmpty()) {
                OwnerReferences.remove(client, type, identity, others);
            }
            return DONE;
        }
        if (!areKnownToWait(identity, found.waiting())) {
            return Reconciler.again(UNTIL_READY);
        }
        List<OwnedObject> dependents = graph.dependents(identity);
        Propagation policy = standing(object);
        if (!found.waiting().isEmpty() && !dependents.isEmpty()) {
            policy = Propagation.FOREGROUND;
        }
        delete(type, identity, object, policy);
        return DONE;
    }

    /**
     * Whether the feed has come as far as what was just read of the owners. Before that, dependents
     * may be there that the graph does not know, and the object would go without waiting for them.
     */
    private boolean areKnownToWait(Identity dependent, Set<String> owners) {
        return owners.stream()
                .allMatch(uid -> graph.waiting(dependent.key().tenant(), uid).isPresent());
    }

    private static Propagation standing(ObjectNode object) {
        List<String> finalizers = Metadata.finalizers(object);
        if (finalizers.contains(Propagation.ORPHAN_FINALIZER)) {
            return Propagation.ORPHAN;
        }
        return finalizers.contains(Propagation.FOREGROUND_FINALIZER)
                ? Propagation.FOREGROUND
                : Propagation.BACKGROUND;
    }

    /** Only as it was judged: a change in between makes a new judgement necessary. */
    private void delete(
            ResourceType type, Identity identity, ObjectNode object, Propagation policy) {
        try {
            client.delete(
                    type,
                    identity.key(),
                    DeleteOptions.DEFAULT
                            .onlyUid(identity.uid())
                            .onlyVersion(Metadata.resourceVersion(object))
                            .with(policy));
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }

    private void awaitDependents(ResourceType type, Identity owner) {
        boolean blocked = false;
        for (OwnedObject dependent : graph.dependents(owner)) {
            // Owners in a circle would wait for each other for ever.
            if (dependent.blocks(owner) && !graph.waitsFor(dependent, owner)) {
                blocked = true;
                if (!dependent.waitsForDependents()) {
                    controller.enqueue(dependent.identity());
                }
            }
        }
        if (!blocked) {
            OwnerReferences.removeFinalizer(client, type, owner, Propagation.FOREGROUND_FINALIZER);
        }
    }

    private void orphan(ResourceType type, Identity owner) {
        for (OwnedObject dependent : graph.dependents(owner)) {
            Identity identity = dependent.identity();
            types.of(identity.key().tenant())
                    .find(identity.resource())
                    .ifPresent(dependentType ->
                            OwnerReferences.remove(
                                    client, dependentType, identity, Set.of(owner.uid())));
        }
        OwnerReferences.removeFinalizer(client, type, owner, Propagation.ORPHAN_FINALIZER);
    }

    private void tellMisplaced(Identity identity, ObjectNode object, String owner) {
        events.record(
                identity.key().tenant(),
                object,
                EventRecorder.Type.WARNING,
                "OwnerRefInvalidNamespace",
                "ownerRef "
                        + owner
                        + " does not exist in namespace \""
                        + identity.key().namespace()
                        + "\"");
    }
}
