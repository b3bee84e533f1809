package io.hypernetes.network.external;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.network.ExternalEngine;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.Uplink;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Opens networks that ask for it ({@code egress: NAT}) and gives addresses of the operator's pool:
 * one to a tenant that goes out or is reached from there, one to each Service of type LoadBalancer
 * and to each FloatingIP. The pool is filled from the router's ports and the operator's record;
 * from the objects' status only when there is no record yet.
 */
public final class ExternalController implements Reconciler<Tenant>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ExternalController.class);
    private static final int WORKERS = 2;
    private static final Duration POOL_IS_EMPTY = Duration.ofSeconds(3);

    private final Client client;
    private final ExternalEngine engine;
    private final Uplink uplink;
    private final Informer networks;
    private final Informer services;
    private final AddressPool pool;
    private final AddressRecord record;
    private final FloatingIps floating;
    private final Controller<Tenant> controller;

    /** Whether the pool knows what was given out before this program started; guarded by this. */
    private boolean filled;

    /** What this looks at, of all tenants; the caller's to close. */
    public record Mirrors(
            Informer networks, Informer services, Informer floatingIps, Informer pods) {}

    public ExternalController(
            Client client,
            EventRecorder events,
            ExternalEngine engine,
            Uplink uplink,
            Mirrors mirrors) {
        this.client = client;
        this.engine = engine;
        this.uplink = uplink;
        this.networks = mirrors.networks();
        this.services = mirrors.services();
        this.pool = new AddressPool(uplink.first(), uplink.last());
        this.record = new AddressRecord(client);
        this.floating =
                new FloatingIps(
                        mirrors.floatingIps(),
                        mirrors.pods(),
                        mirrors.services(),
                        pool,
                        uplink,
                        new FloatingIpStatus(client, events, Clock.systemUTC()));
        this.controller =
                new Controller<Tenant>("external", WORKERS, this)
                        .watch(networks, (key, _) -> Stream.of(key.tenant()))
                        .watch(services, (key, service) -> ofBalanced(key, service))
                        .watch(mirrors.floatingIps(), (key, _) -> Stream.of(key.tenant()))
                        .watch(
                                mirrors.pods(),
                                (key, _) ->
                                        floating.concerns(key)
                                                ? Stream.of(key.tenant())
                                                : Stream.empty());
    }

    public void start() {
        controller.start();
        engine.gateways().keySet().forEach(tenant -> controller.enqueue(new Tenant(tenant)));
    }

    @Override
    public void close() {
        controller.close();
    }

    private static Stream<Tenant> ofBalanced(ObjectKey key, ObjectNode service) {
        return isBalanced(service) ? Stream.of(key.tenant()) : Stream.empty();
    }

    /** One with a class is somebody else's to carry. */
    private static boolean isBalanced(ObjectNode service) {
        return service.path("spec").path("type").asString("").equals("LoadBalancer")
                && service.path("spec").path("loadBalancerClass").asString("").isEmpty();
    }

    @Override
    public Result reconcile(Tenant tenant) {
        fill();
        List<ObjectNode> balanced =
                services.objects(tenant).stream()
                        .filter(ExternalController::isBalanced)
                        .filter(service -> !Metadata.isBeingDeleted(service))
                        .toList();
        List<ObjectNode> existing =
                networks.objects(tenant).stream()
                        .filter(network -> !Metadata.isBeingDeleted(network))
                        .toList();
        releaseWhatIsLeft(tenant, balanced);
        FloatingIps.Plan reached = floating.plan(tenant, true);
        record.keep(pool::owners);
        boolean goesOut =
                existing.stream().anyMatch(ExternalController::isOpen) || reached.isUsed();
        if (existing.isEmpty() || (balanced.isEmpty() && !goesOut)) {
            engine.deleteGateway(tenant.name());
            pool.release(tenant.name());
            record.keep(pool::owners);
            reached.tell();
            return reached.isComplete() ? DONE : Reconciler.again(POOL_IS_EMPTY);
        }
        openGateway(tenant);
        for (ObjectNode network : existing) {
            engine.ensureEgress(
                    new NetworkId(tenant.name(), Metadata.name(network)), isOpen(network));
        }
        engine.ensureFloating(tenant.name(), reached.pods());
        reached.tell();
        boolean all = reached.isComplete();
        for (ObjectNode service : balanced) {
            all &= balance(tenant, service);
        }
        return all ? DONE : Reconciler.again(POOL_IS_EMPTY);
    }

    /** An address is given back when nobody is reached at it any more. */
    private void releaseWhatIsLeft(Tenant tenant, List<ObjectNode> balanced) {
        if (floating.hasLeaving(tenant)) {
            engine.ensureFloating(tenant.name(), floating.plan(tenant, false).pods());
        }
        Set<String> owners = new HashSet<>(floating.owners(tenant));
        balanced.forEach(service -> owners.add(owner(tenant, service)));
        pool.releaseExcept(prefix(tenant), owners)
                .forEach(pooled ->
                        uplink.addresses(pooled)
                                .forEach(address -> engine.ensureSources(address, List.of())));
        floating.release(tenant);
    }

    private static boolean isOpen(ObjectNode network) {
        return network.path("spec").path("egress").asString("").equals("NAT");
    }

    private void openGateway(Tenant tenant) {
        Optional<String> address = pool.claim(tenant.name(), "");
        if (address.isEmpty()) {
            LOG.warn("no address outside is left for tenant {}: widen --external-pool", tenant);
            return;
        }
        record.keep(pool::owners);
        engine.ensureGateway(tenant.name(), address.get());
    }

    /** Whether the service has its address. */
    private boolean balance(Tenant tenant, ObjectNode service) {
        String wanted = service.path("spec").path("loadBalancerIP").asString("");
        Optional<String> address = pool.claim(owner(tenant, service), wanted);
        if (address.isEmpty()) {
            LOG.warn(
                    "no address outside for service {}/{} of {}: widen --external-pool",
                    Metadata.namespace(service),
                    Metadata.name(service),
                    tenant);
            return false;
        }
        record.keep(pool::owners);
        ObjectNode changed = service.deepCopy();
        ArrayNode ingress =
                changed.withObject("status").withObject("loadBalancer").putArray("ingress");
        for (String told : ofFamilies(service, address.get())) {
            engine.ensureSources(told, sources(service));
            ingress.addObject().put("ip", told).put("ipMode", "VIP");
        }
        if (!changed.equals(service)) {
            client.updateStatus(BuiltinTypes.SERVICES, tenant, changed);
        }
        return true;
    }

    /** The addresses of the service's families, in their order; that of the pool if it has none. */
    private List<String> ofFamilies(ObjectNode service, String pooled) {
        List<String> told = new ArrayList<>();
        for (JsonNode family : service.path("spec").path("ipFamilies")) {
            uplink.addresses(pooled).stream()
                    .filter(address -> address.contains(":") == family.asString("").equals("IPv6"))
                    .forEach(told::add);
        }
        return told.isEmpty() ? List.of(pooled) : told;
    }

    private static List<String> sources(ObjectNode service) {
        return service.path("spec")
                .path("loadBalancerSourceRanges")
                .valueStream()
                .map(range -> range.asString("").strip())
                .toList();
    }

    /** Before anything is given out, all that was given out is known. */
    private synchronized void fill() {
        if (filled) {
            return;
        }
        for (Map.Entry<String, String> gateway : engine.gateways().entrySet()) {
            pool.hold(gateway.getKey(), gateway.getValue());
        }
        Optional<Map<String, String>> known = record.read();
        if (known.isPresent()) {
            known.get()
                    .forEach((address, owner) -> {
                        pool.hold(owner, address);
                        // What went while nobody looked is given back when its tenant is looked at.
                        controller.enqueue(new Tenant(owner.split("/", 2)[0]));
                    });
        } else {
            believeObjects();
        }
        filled = true;
    }

    private void believeObjects() {
        for (TenantObject object : services.all()) {
            ObjectNode service = object.object();
            if (isBalanced(service)) { // one of IPv6 is none of the pool's
                service.path("status")
                        .path("loadBalancer")
                        .path("ingress")
                        .valueStream()
                        .map(ingress -> ingress.path("ip").asString(""))
                        .forEach(address -> pool.hold(owner(object.tenant(), service), address));
            }
        }
        floating.fill();
    }

    private static String prefix(Tenant tenant) {
        return tenant.name() + "/";
    }

    private static String owner(Tenant tenant, ObjectNode service) {
        return prefix(tenant) + Metadata.namespace(service) + "/" + Metadata.name(service);
    }
}
