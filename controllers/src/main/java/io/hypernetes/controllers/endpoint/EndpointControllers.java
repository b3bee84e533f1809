package io.hypernetes.controllers.endpoint;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Keeps EndpointSlices and Endpoints of services that select pods, and mirrors the Endpoints of
 * those that do not. Upstream's three controllers look at the same four kinds of objects; here a
 * service's name is the key of all three.
 */
public final class EndpointControllers implements Reconciler<ObjectKey>, AutoCloseable {

    private static final String OURS = "endpointslice-controller.k8s.io";
    private static final String MIRRORED = "endpointslicemirroring-controller.k8s.io";
    private static final String KEPT_BY = "endpoints.kubernetes.io/managed-by";
    private static final String KEEPER = "endpoint-controller";
    private static final String SKIP = "endpointslice.kubernetes.io/skip-mirror";
    private static final int WORKERS = 2;

    private final Client client;
    private final Informer services;
    private final Informer pods;
    private final Informer slices;
    private final Informer endpoints;
    private final Controller<ObjectKey> controller;

    /**
     * @param pods of all tenants; the caller's to close
     */
    public EndpointControllers(Client client, Informer pods) {
        this.client = client;
        this.pods = pods;
        this.services = new Informer(client, BuiltinTypes.SERVICES).lean();
        this.slices = new Informer(client, BuiltinTypes.ENDPOINT_SLICES).lean();
        this.endpoints = new Informer(client, BuiltinTypes.ENDPOINTS).lean();
        this.controller =
                Controller.of("endpoints", WORKERS, services, this)
                        .watch(pods, this::selecting)
                        .watch(slices, (key, slice) -> ofSlice(key, slice))
                        .watch(endpoints, (key, _) -> Stream.of(key));
    }

    public EndpointControllers start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
        services.close();
        slices.close();
        endpoints.close();
    }

    private Stream<ObjectKey> selecting(ObjectKey key, ObjectNode pod) {
        return services.objects(key.tenant(), key.namespace()).stream()
                .filter(service -> ServiceView.of(service).selects(pod))
                .map(service ->
                        new ObjectKey(key.tenant(), key.namespace(), Metadata.name(service)));
    }

    private static Stream<ObjectKey> ofSlice(ObjectKey key, ObjectNode slice) {
        String service = Metadata.label(slice, SlicePlan.SERVICE_NAME);
        return service.isEmpty()
                ? Stream.empty()
                : Stream.of(new ObjectKey(key.tenant(), key.namespace(), service));
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> service = services.get(key);
        Optional<ServiceView> selecting =
                service.filter(found -> !Metadata.isBeingDeleted(found))
                        .map(ServiceView::of)
                        .filter(view -> !view.selector().isEmpty());
        if (selecting.isPresent()) {
            Collection<ObjectNode> all = pods.objects(key.tenant(), key.namespace());
            keepSlices(key, selecting.get(), all);
            keepEndpoints(key, selecting.get(), all);
        } else if (service.isEmpty()) {
            dropEndpoints(key);
        }
        mirror(key, service.isPresent() && selecting.isEmpty());
        return DONE;
    }

    private void keepSlices(ObjectKey key, ServiceView view, Collection<ObjectNode> all) {
        SlicePlan.Frame frame =
                new SlicePlan.Frame(
                        key.namespace(),
                        key.name(),
                        labels(view.labels(), key, OURS),
                        Metadata.controllerReference(BuiltinTypes.SERVICES, view.service()));
        write(key, frame, ServiceEndpoints.groups(view, all), OURS);
    }

    private static Map<String, String> labels(
            Map<String, String> own, ObjectKey key, String manager) {
        Map<String, String> labels = new LinkedHashMap<>(own);
        labels.put(SlicePlan.SERVICE_NAME, key.name());
        labels.put(SlicePlan.MANAGED_BY, manager);
        return labels;
    }

    /** What is to be made or deleted is decided on the truth: the mirror may not have it yet. */
    private void write(
            ObjectKey key, SlicePlan.Frame frame, List<SlicePlan.Group> groups, String manager) {
        SlicePlan plan = SlicePlan.of(frame, groups, managed(key, manager, mirrored(key)));
        if (!plan.created.isEmpty() || !plan.deleted.isEmpty()) {
            plan = SlicePlan.of(frame, groups, managed(key, manager, listed(key)));
        }
        Tenant tenant = key.tenant();
        plan.created.forEach(slice -> client.create(BuiltinTypes.ENDPOINT_SLICES, tenant, slice));
        plan.updated.forEach(slice -> client.update(BuiltinTypes.ENDPOINT_SLICES, tenant, slice));
        plan.deleted.forEach(slice -> delete(BuiltinTypes.ENDPOINT_SLICES, tenant, slice));
    }

    private Collection<ObjectNode> mirrored(ObjectKey key) {
        return slices.objects(key.tenant(), key.namespace());
    }

    private Collection<ObjectNode> listed(ObjectKey key) {
        return client
                .list(BuiltinTypes.ENDPOINT_SLICES, Selection.of(key.tenant(), key.namespace()))
                .items()
                .stream()
                .map(TenantObject::object)
                .toList();
    }

    private static List<ObjectNode> managed(
            ObjectKey key, String manager, Collection<ObjectNode> slices) {
        return slices.stream()
                .filter(slice -> Metadata.label(slice, SlicePlan.SERVICE_NAME).equals(key.name()))
                .filter(slice -> Metadata.label(slice, SlicePlan.MANAGED_BY).equals(manager))
                .filter(slice -> !Metadata.isBeingDeleted(slice))
                .toList();
    }

    private void keepEndpoints(ObjectKey key, ServiceView view, Collection<ObjectNode> all) {
        ArrayNode subsets = ServiceEndpoints.subsets(view, all);
        ObjectNode labels = Json.object();
        view.labels().forEach(labels::put);
        labels.put(KEPT_BY, KEEPER);
        Optional<ObjectNode> known = endpoints.get(key);
        ObjectNode wanted = known.map(ObjectNode::deepCopy).orElseGet(Json::object);
        ObjectNode metadata = Metadata.ensureMetadata(wanted);
        metadata.put("namespace", key.namespace()).put("name", key.name()).set("labels", labels);
        if (subsets.isEmpty()) {
            wanted.remove("subsets");
        } else {
            wanted.set("subsets", subsets);
        }
        if (known.isEmpty()) {
            client.create(BuiltinTypes.ENDPOINTS, key.tenant(), wanted);
        } else if (!Json.same(known.get(), wanted)) {
            client.update(BuiltinTypes.ENDPOINTS, key.tenant(), wanted);
        }
    }

    private void dropEndpoints(ObjectKey key) {
        endpoints
                .get(key)
                .filter(found -> Metadata.label(found, KEPT_BY).equals(KEEPER))
                .ifPresent(found -> delete(BuiltinTypes.ENDPOINTS, key.tenant(), found));
    }

    /**
     * @param wanted whether the service leaves its endpoints to others
     */
    private void mirror(ObjectKey key, boolean wanted) {
        Optional<ObjectNode> source =
                endpoints
                        .get(key)
                        .filter(found -> wanted)
                        .filter(found -> !Metadata.isBeingDeleted(found))
                        .filter(found -> !Metadata.label(found, SKIP).equals("true"))
                        .filter(found -> !Metadata.label(found, KEPT_BY).equals(KEEPER));
        if (source.isEmpty() && managed(key, MIRRORED, mirrored(key)).isEmpty()) {
            return;
        }
        ObjectNode owner = source.orElseGet(Json::object);
        SlicePlan.Frame frame =
                new SlicePlan.Frame(
                        key.namespace(),
                        key.name(),
                        labels(ownLabels(owner), key, MIRRORED),
                        Metadata.controllerReference(BuiltinTypes.ENDPOINTS, owner));
        write(key, frame, ServiceEndpoints.mirrored(owner), MIRRORED);
    }

    private static Map<String, String> ownLabels(ObjectNode endpoints) {
        Map<String, String> labels = new LinkedHashMap<>(Metadata.labels(endpoints));
        labels.remove(SKIP);
        return labels;
    }

    private void delete(ResourceType type, Tenant tenant, ObjectNode object) {
        ObjectKey key = new ObjectKey(tenant, Metadata.namespace(object), Metadata.name(object));
        try {
            client.delete(type, key, DeleteOptions.DEFAULT.onlyUid(Metadata.uid(object)));
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }
}
