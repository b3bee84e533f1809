package io.hypernetes.controllers;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.networking.Prefix;
import io.hypernetes.api.types.networking.ServiceCidrStrategy;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets a range of service addresses go once no service has an address of it that no other range
 * covers (KEP-1880); until then it says that it waits.
 */
public final class ServiceCidrController
        implements Reconciler<ObjectKey>, FeedReader.Listener, AutoCloseable {

    private static final int WORKERS = 1;
    private static final String WAITS =
            "There are still IPAddresses referencing the ServiceCIDR, please remove them or create"
                    + " a new ServiceCIDR";

    private final Client client;
    private final Clock clock;
    private final Controller<ObjectKey> controller;

    /**
     * @param reader of the change feed; the caller starts it afterwards
     */
    public ServiceCidrController(Client client, Clock clock, FeedReader reader) {
        this.client = client;
        this.clock = clock;
        this.controller = new Controller<>("service-cidrs", WORKERS, this);
        reader.listen(this);
    }

    public ServiceCidrController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
    }

    @Override
    public void seen(ChangeFeed.Item item) {
        boolean range = item.resource().equals(BuiltinTypes.SERVICE_CIDRS.id());
        if (range && !item.gone() && item.mentions("deletionTimestamp")) {
            controller.enqueue(item.key());
        }
        // An address that is free again, or a range that covers what another did.
        boolean frees =
                item.gone() ? item.resource().equals(BuiltinTypes.IP_ADDRESSES.id()) : range;
        if (frees) {
            waiting(item.key().tenant()).forEach(controller::enqueue);
        }
    }

    /** Also the operator's, whose addresses the tenant's services may have. */
    private List<ObjectKey> waiting(Tenant tenant) {
        return client.list(BuiltinTypes.SERVICE_CIDRS, Selection.of(tenant)).items().stream()
                .filter(range -> Metadata.isBeingDeleted(range.object()))
                .map(TenantObject::key)
                .toList();
    }

    private List<ObjectNode> ranges(Tenant tenant) {
        return client.list(BuiltinTypes.SERVICE_CIDRS, Selection.of(tenant)).items().stream()
                .map(TenantObject::object)
                .toList();
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> found = client.find(BuiltinTypes.SERVICE_CIDRS, key);
        if (found.isEmpty() || !Metadata.isBeingDeleted(found.get())) {
            return DONE;
        }
        ObjectNode range = found.get().deepCopy();
        if (isUsed(key, range)) {
            tell(key, range);
        } else if (Metadata.finalizers(range).contains(ServiceCidrStrategy.FINALIZER)) {
            ArrayNode others = Json.object().putArray("finalizers");
            Metadata.finalizers(range).stream()
                    .filter(finalizer -> !finalizer.equals(ServiceCidrStrategy.FINALIZER))
                    .forEach(others::add);
            Metadata.ensureMetadata(range).set("finalizers", others);
            client.update(BuiltinTypes.SERVICE_CIDRS, key.tenant(), range);
        }
        return DONE;
    }

    private boolean isUsed(ObjectKey key, ObjectNode range) {
        List<Prefix> own = prefixes(range);
        List<Prefix> others = new ArrayList<>();
        for (ObjectNode other : ranges(key.tenant())) {
            if (!Metadata.name(other).equals(key.name()) && !Metadata.isBeingDeleted(other)) {
                others.addAll(prefixes(other));
            }
        }
        // The operator's ranges are those of all worlds.
        Selection users =
                key.tenant().isSystem() ? Selection.EVERYTHING : Selection.of(key.tenant());
        return client.list(BuiltinTypes.IP_ADDRESSES, users).items().stream()
                .map(address -> Metadata.name(address.object()))
                .anyMatch(address ->
                        own.stream().anyMatch(prefix -> prefix.contains(address))
                                && others.stream().noneMatch(prefix -> prefix.contains(address)));
    }

    private static List<Prefix> prefixes(ObjectNode range) {
        List<Prefix> prefixes = new ArrayList<>();
        for (JsonNode cidr : range.at("/spec/cidrs")) {
            prefixes.add(Prefix.parse(cidr.asString("")));
        }
        return prefixes;
    }

    private void tell(ObjectKey key, ObjectNode range) {
        ArrayNode conditions = range.withObject("status").withArrayProperty("conditions");
        if (conditions.path(0).path("reason").asString("").equals("Terminating")) {
            return;
        }
        conditions.removeAll();
        conditions
                .addObject()
                .put("type", "Ready")
                .put("status", "False")
                .put(
                        "lastTransitionTime",
                        clock.instant().truncatedTo(ChronoUnit.SECONDS).toString())
                .put("reason", "Terminating")
                .put("message", WAITS);
        client.updateStatus(BuiltinTypes.SERVICE_CIDRS, key.tenant(), range);
    }
}
