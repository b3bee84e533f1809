package io.hypernetes.network.service;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;
import io.hypernetes.network.ServiceEngine;
import io.hypernetes.network.ServiceId;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Carries Services to the data plane: what kube-proxy is elsewhere, once for all tenants. The
 * service {@code kubernetes} is not among them; each network answers for that itself.
 */
public final class ServiceController implements Reconciler<ObjectKey>, AutoCloseable {

    private static final int WORKERS = 4;

    private final ServiceEngine engine;
    private final Informer services;
    private final SliceIndex slices;
    private final Informer floating;
    private final Controller<ObjectKey> controller;

    /**
     * @param services of all tenants; the caller's to close
     * @param slices that the index is made of; the caller's to close
     * @param floating FloatingIPs, which may be attached to services; the caller's to close
     */
    public ServiceController(
            ServiceEngine engine,
            Informer services,
            Informer slices,
            SliceIndex index,
            Informer floating) {
        this.engine = engine;
        this.services = services;
        this.slices = index;
        this.floating = floating;
        this.controller =
                Controller.of("services", WORKERS, services, this)
                        .watch(slices, ServiceController::ofSlice)
                        .watch(floating, ServiceController::attachedTo);
    }

    /** Starts to work; services whose object went while nobody looked are looked at, too. */
    public void start() {
        controller.start();
        engine.services().forEach(service -> controller.enqueue(key(service)));
    }

    @Override
    public void close() {
        controller.close();
    }

    private static Stream<ObjectKey> ofSlice(ObjectKey key, ObjectNode slice) {
        return Metadata.label(slice, SliceIndex.SERVICE_NAME).isEmpty()
                ? Stream.empty()
                : Stream.of(SliceIndex.serviceOf(key, slice));
    }

    private static Stream<ObjectKey> attachedTo(ObjectKey key, ObjectNode floating) {
        JsonNode target = floating.path("status").path("attachedTo");
        return target.path("kind").asString("").equals("Service")
                ? Stream.of(
                        new ObjectKey(
                                key.tenant(), key.namespace(), target.path("name").asString("")))
                : Stream.empty();
    }

    private List<String> floating(ObjectKey service) {
        return floating.objects(service.tenant(), service.namespace()).stream()
                .filter(object -> !Metadata.isBeingDeleted(object))
                .filter(object -> attachedTo(service, object).anyMatch(service::equals))
                .map(object -> object.path("status"))
                .flatMap(status -> Stream.of("address", "ipv6Address").map(status::path))
                .map(address -> address.asString(""))
                .filter(address -> !address.isEmpty())
                .toList();
    }

    @Override
    public Result reconcile(ObjectKey key) {
        if (isKubernetes(key)) {
            return DONE;
        }
        Optional<ObjectNode> service = services.get(key);
        ServicePlan plan =
                service.map(object -> ServicePlan.of(object, slices.of(key), floating(key)))
                        .orElse(ServicePlan.NOTHING);
        engine.ensureService(id(key), plan.servers(), plan.affinity());
        return DONE;
    }

    private static boolean isKubernetes(ObjectKey key) {
        return key.namespace().equals("default") && key.name().equals("kubernetes");
    }

    private static ServiceId id(ObjectKey key) {
        return new ServiceId(key.tenant().name(), key.namespace(), key.name());
    }

    private static ObjectKey key(ServiceId id) {
        return new ObjectKey(new Tenant(id.tenant()), id.namespace(), id.name());
    }
}
