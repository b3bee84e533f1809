package io.hypernetes.network.external;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.network.PodAddresses;
import io.hypernetes.network.Uplink;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The FloatingIP objects of a tenant: which address each has and who is to be reached at it. Who is
 * older comes first where two want the same pod.
 */
final class FloatingIps {

    /** Held by every FloatingIP that may have an address. */
    static final String FINALIZER = "hypernetes.io/floating-ip";

    private static final String POD = "Pod";

    private final Informer objects;
    private final Informer pods;
    private final Informer services;
    private final AddressPool pool;
    private final Uplink uplink;
    private final FloatingIpStatus status;

    FloatingIps(
            Informer objects,
            Informer pods,
            Informer services,
            AddressPool pool,
            Uplink uplink,
            FloatingIpStatus status) {
        this.objects = objects;
        this.pods = pods;
        this.services = services;
        this.pool = pool;
        this.uplink = uplink;
        this.status = status;
    }

    /** Who is reached where; pods by the address outside, services tell the switch themselves. */
    record Plan(Map<String, String> pods, boolean isUsed, boolean isComplete, List<Runnable> told) {

        /** Says it in the objects, once it is so. */
        void tell() {
            told.forEach(Runnable::run);
        }
    }

    /** Remembers what was given out before this program started. */
    void fill() {
        for (TenantObject object : objects.all()) {
            String address = address(object.object());
            if (!address.isEmpty()) {
                pool.hold(owner(object.tenant(), object.object()), address);
            }
        }
    }

    /** In the pool. */
    Set<String> owners(Tenant tenant) {
        return living(tenant).stream()
                .map(object -> owner(tenant, object))
                .collect(Collectors.toSet());
    }

    boolean hasLeaving(Tenant tenant) {
        return objects.objects(tenant).stream().anyMatch(Metadata::isBeingDeleted);
    }

    /** Whether a change of this pod may matter to one of them. */
    boolean concerns(ObjectKey pod) {
        return objects.objects(pod.tenant(), pod.namespace()).stream()
                .map(object -> object.path("spec").path("target"))
                .anyMatch(target ->
                        isPod(target) && target.path("name").asString("").equals(pod.name()));
    }

    /**
     * @param claims whether those without an address are to get one
     */
    Plan plan(Tenant tenant, boolean claims) {
        Map<String, String> reached = new TreeMap<>();
        List<Runnable> told = new ArrayList<>();
        boolean used = false;
        boolean complete = true;
        for (ObjectNode object : living(tenant)) {
            String wanted = object.path("spec").path("address").asString("");
            Optional<String> address =
                    claims
                            ? pool.claim(owner(tenant, object), wanted)
                            : pool.of(owner(tenant, object)); // a status is the tenant's to write
            if (address.isEmpty()) {
                complete = false;
                told.add(() -> status.without(tenant, object, wanted));
                continue;
            }
            List<String> outside = uplink.addresses(address.get());
            Attachment attachment = attachment(tenant, object, outside, reached);
            attachment.ways().forEach(way -> reached.put(way.outside(), way.pod()));
            used |= attachment.holds();
            told.add(() -> status.with(tenant, object, outside, attachment));
        }
        return new Plan(reached, used, complete, told);
    }

    /** Lets go of those that are deleted, once nobody is reached at their addresses. */
    void release(Tenant tenant) {
        objects.objects(tenant).stream()
                .filter(Metadata::isBeingDeleted)
                .forEach(object -> status.release(tenant, object));
    }

    private Attachment attachment(
            Tenant tenant, ObjectNode object, List<String> outside, Map<String, String> reached) {
        JsonNode target = object.path("spec").path("target");
        String name = target.path("name").asString("");
        if (name.isEmpty()) {
            return Attachment.none("NoTarget", "spec.target names nobody");
        }
        ObjectKey key = new ObjectKey(tenant, Metadata.namespace(object), name);
        if (!isPod(target)) {
            return services.get(key)
                    .filter(service -> !Metadata.isBeingDeleted(service))
                    .map(_ -> Attachment.toService(name))
                    .orElse(
                            Attachment.none(
                                    "TargetNotFound", "service \"" + name + "\" not found"));
        }
        Optional<ObjectNode> pod = pods.get(key).filter(FloatingIps::lives);
        if (pod.isEmpty()) {
            return Attachment.none("TargetNotFound", "no pod \"" + name + "\" that runs");
        }
        List<Attachment.Way> ways = ways(outside, PodAddresses.of(pod.get()).all());
        if (ways.isEmpty()) {
            return Attachment.none(
                    "TargetHasNoAddress",
                    "pod \"%s\" has no address of the family of %s yet"
                            .formatted(name, String.join(" or ", outside)));
        }
        return ways.stream().anyMatch(way -> reached.containsValue(way.pod()))
                ? Attachment.none(
                        "TargetInUse", "pod \"" + name + "\" has another floating address")
                : Attachment.toPod(name, ways);
    }

    /** Nobody translates from one family into the other. */
    private static List<Attachment.Way> ways(List<String> outside, List<String> inside) {
        return outside.stream()
                .flatMap(outer ->
                        inside.stream()
                                .filter(inner -> inner.contains(":") == outer.contains(":"))
                                .map(inner -> new Attachment.Way(outer, inner)))
                .toList();
    }

    private static boolean isPod(JsonNode target) {
        return target.path("kind").asString("").equals(POD);
    }

    private static boolean lives(ObjectNode pod) {
        String phase = pod.path("status").path("phase").asString("");
        return !phase.equals("Succeeded") && !phase.equals("Failed");
    }

    private List<ObjectNode> living(Tenant tenant) {
        return objects.objects(tenant).stream()
                .filter(object -> !Metadata.isBeingDeleted(object))
                .sorted(
                        Comparator.comparing((ObjectNode object) ->
                                        object.path("metadata")
                                                .path("creationTimestamp")
                                                .asString(""))
                                .thenComparing(Metadata::namespace)
                                .thenComparing(Metadata::name))
                .toList();
    }

    private static String address(ObjectNode object) {
        return object.path("status").path("address").asString("");
    }

    /** No service's owner has so many parts. */
    private static String owner(Tenant tenant, ObjectNode object) {
        return String.join(
                "/",
                tenant.name(),
                BuiltinTypes.FLOATING_IPS.id().resource(),
                Metadata.namespace(object),
                Metadata.name(object));
    }
}
