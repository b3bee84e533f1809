package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A Tenant object is a world: while it lives, the world has its first namespaces, a network and the
 * Service {@code kubernetes}; when it is deleted, the world is emptied before the object goes.
 *
 * <p>Every step looks at what is there and does what is missing, so that a kill at any instant is
 * made good by the next start.
 */
public final class TenantController implements Reconciler<ObjectKey>, AutoCloseable {

    /** Held by every Tenant whose world may have something in it. */
    public static final String FINALIZER = "hypernetes.io/tenant";

    /** Of the network {@code default} when the tenant names no other. */
    public static final String DEFAULT_CIDR = "10.0.0.0/24";

    static final List<String> NAMESPACES = List.of("default", "kube-system", "kube-public");
    static final String DEFAULT_NETWORK = "default";

    private static final int WORKERS = 4;
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final Client client;
    private final Objects objects;
    private final Demolition demolition;
    private final TenantStatus status;
    private final ApiService service;
    private final Supplier<Optional<ServerAddress>> server;
    private final Informer tenants;
    private final Controller<ObjectKey> controller;

    /**
     * @param ranges of services' addresses, in every world
     * @param server where the API is to be found, empty until it listens
     */
    public TenantController(
            Client client,
            WorldTypes types,
            Clock clock,
            ServiceRanges ranges,
            Supplier<Optional<ServerAddress>> server) {
        this.client = client;
        this.service = new ApiService(client, ranges);
        this.server = server;
        this.objects = new Objects(client);
        this.demolition = new Demolition(client, types);
        this.status = new TenantStatus(client, clock);
        this.tenants =
                new Informer(client, BuiltinTypes.TENANTS, Selection.of(Tenant.SYSTEM)).lean();
        this.controller = Controller.of("tenant", WORKERS, tenants, this);
    }

    public TenantController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
        tenants.close();
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> known = tenants.get(key);
        if (known.isEmpty()) {
            return DONE;
        }
        Tenant tenant = new Tenant(key.name());
        return Metadata.isBeingDeleted(known.get())
                ? remove(key, tenant, known.get())
                : ensure(key, tenant, known.get());
    }

    private Result ensure(ObjectKey key, Tenant tenant, ObjectNode object) {
        if (objects.addFinalizer(BuiltinTypes.TENANTS, key, object, FINALIZER)) {
            return DONE; // the change brings the key back
        }
        for (String name : NAMESPACES) {
            ObjectKey namespace = new ObjectKey(tenant, "", name);
            objects.ensure(BuiltinTypes.NAMESPACES, namespace, Objects.named(namespace));
        }
        ObjectKey network = new ObjectKey(tenant, "", DEFAULT_NETWORK);
        ObjectNode wanted = Objects.named(network);
        JsonNode said = object.path("spec").path("network");
        String cidr = said.path("cidr").asString("");
        ObjectNode spec =
                wanted.putObject("spec").put("cidr", cidr.isEmpty() ? DEFAULT_CIDR : cidr);
        if (said.has("ipv6")) {
            spec.set("ipv6", said.get("ipv6").deepCopy());
        }
        objects.ensure(BuiltinTypes.NETWORKS, network, wanted);
        Optional<ServerAddress> address = server.get();
        address.ifPresent(known -> service.ensure(tenant, known));
        tell(key, object);
        return address.isPresent() ? DONE : Reconciler.again(LOOK_AGAIN);
    }

    private void tell(ObjectKey key, ObjectNode object) {
        boolean counted =
                object.path("spec").path("quota").path("hard").isEmpty()
                        || object.path("status").has("quota");
        if (object.path("spec").path("suspended").asBoolean(false)) {
            status.suspended(key);
        } else if (counted) {
            status.active(key);
        } else {
            status.counting(key);
        }
    }

    private Result remove(ObjectKey key, Tenant tenant, ObjectNode object) {
        if (!Metadata.finalizers(object).contains(FINALIZER) || tenant.isSystem()) {
            return DONE;
        }
        if (RetainedVolumes.areWanted(object)) {
            new RetainedVolumes(client).keep(tenant);
        }
        List<String> remaining = demolition.step(tenant);
        if (remaining.isEmpty()) {
            remaining = new Memberships(client).end(tenant);
        }
        if (!remaining.isEmpty()) {
            status.terminating(key, "still there: " + String.join(", ", remaining));
            return Reconciler.again(LOOK_AGAIN);
        }
        objects.removeFinalizer(BuiltinTypes.TENANTS, key, FINALIZER);
        return DONE;
    }
}
