package io.hypernetes.controllers.garbage;

import io.hypernetes.api.GroupResource;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.controllers.garbage.OwnedObject.Identity;
import io.hypernetes.controllers.garbage.OwnedObject.Owner;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who owns whom, of all tenants. Only objects that have owners, or wait for dependents, are in it:
 * an installation without owner references costs nothing here. A uid of one tenant means nothing in
 * another's world, whoever wrote it into a reference.
 *
 * <p>All methods are synchronized; none does more than look-ups.
 */
final class OwnerGraph {
    private record Uid(Tenant tenant, String uid) {}

    private record Place(GroupResource resource, ObjectKey key) {}

    private final Map<Place, OwnedObject> objects = new HashMap<>();
    private final Map<Uid, Set<Place>> dependents = new HashMap<>();

    /** Those that wait for dependents, by their own uid. */
    private final Map<Uid, OwnedObject> waiting = new HashMap<>();

    synchronized void clear() {
        objects.clear();
        dependents.clear();
        waiting.clear();
    }

    synchronized boolean isEmpty() {
        return objects.isEmpty();
    }

    /** Notes the object's state; what does not concern the collector is forgotten. */
    synchronized void put(OwnedObject object) {
        Identity identity = object.identity();
        remove(identity.resource(), identity.key());
        if (!object.concernsTheCollector()) {
            return;
        }
        Place place = new Place(identity.resource(), identity.key());
        objects.put(place, object);
        Tenant tenant = identity.key().tenant();
        for (Owner owner : object.owners()) {
            dependents
                    .computeIfAbsent(new Uid(tenant, owner.uid()), _ -> new HashSet<>(2))
                    .add(place);
        }
        if (object.waitsForDependents()) {
            waiting.put(new Uid(tenant, identity.uid()), object);
        }
    }

    synchronized void remove(GroupResource resource, ObjectKey key) {
        Place place = new Place(resource, key);
        OwnedObject before = objects.remove(place);
        if (before == null) {
            return;
        }
        for (Owner owner : before.owners()) {
            Uid ownerUid = new Uid(key.tenant(), owner.uid());
            Set<Place> others = dependents.get(ownerUid);
            if (others != null && others.remove(place) && others.isEmpty()) {
                dependents.remove(ownerUid);
            }
        }
        waiting.remove(new Uid(key.tenant(), before.identity().uid()));
    }

    synchronized Optional<OwnedObject> get(GroupResource resource, ObjectKey key) {
        return Optional.ofNullable(objects.get(new Place(resource, key)));
    }

    /** What refers to this incarnation as an owner, in its own world and namespace. */
    synchronized List<OwnedObject> dependents(Identity owner) {
        Set<Place> places = dependents.get(new Uid(owner.key().tenant(), owner.uid()));
        if (places == null) {
            return List.of();
        }
        List<OwnedObject> found = new ArrayList<>(places.size());
        for (Place place : places) {
            OwnedObject object = objects.get(place);
            if (object != null && isNear(owner, object.identity())) {
                found.add(object);
            }
        }
        return found;
    }

    /** The owner of that uid, if it waits for dependents. */
    synchronized Optional<OwnedObject> waiting(Tenant tenant, String uid) {
        return Optional.ofNullable(waiting.get(new Uid(tenant, uid)));
    }

    /** Whether {@code object} waits, by way of others that wait, for {@code target} to go. */
    synchronized boolean waitsFor(OwnedObject object, Identity target) {
        Set<Identity> visited = new HashSet<>();
        Deque<OwnedObject> next = new ArrayDeque<>(List.of(object));
        while (!next.isEmpty()) {
            OwnedObject one = next.pop();
            if (one.waitsForDependents() && visited.add(one.identity())) {
                for (OwnedObject dependent : dependents(one.identity())) {
                    if (dependent.blocks(one.identity())) {
                        if (dependent.identity().equals(target)) {
                            return true;
                        }
                        next.push(dependent);
                    }
                }
            }
        }
        return false;
    }

    /** An owner is cluster-scoped or in the namespace of what it owns. */
    private static boolean isNear(Identity owner, Identity dependent) {
        String namespace = owner.key().namespace();
        return namespace.isEmpty() || namespace.equals(dependent.key().namespace());
    }
}
