package io.hypernetes.server.service;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.core.ServiceSpec;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.store.ObjectPath;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Gives services their cluster addresses. Each is an IPAddress object that names its service (KEP
 * 1880); whoever makes one by hand has that address too.
 */
final class ClusterAddresses {
    private final Reads reads;
    private final RandomGenerator random;

    ClusterAddresses(Reads reads, RandomGenerator random) {
        this.reads = reads;
        this.random = random;
    }

    /** Throws Invalid when an address that is asked for is not to be had. */
    void allocate(
            Tenant tenant,
            AddressRanges ranges,
            ObjectNode service,
            Optional<ServiceSpec> before,
            Taking taking) {
        ServiceSpec now = ServiceSpec.of(service);
        List<String> held =
                before.filter(old -> !old.isExternalName())
                        .map(ServiceSpec::clusterIps)
                        .orElse(List.of());
        if (now.isExternalName() || now.isHeadless() || held.contains(ServiceSpec.NONE)) {
            return;
        }
        List<String> addresses = new ArrayList<>(now.clusterIps());
        for (int i = held.size(); i < now.families().size(); i++) {
            if (i < addresses.size()) {
                String wanted = Addresses.canonical(addresses.get(i));
                check(tenant, ranges, service, addresses.get(i), wanted);
                take(tenant, service, wanted, taking);
            } else {
                String found = free(tenant, ranges.of(now.families().get(i)), taking);
                addresses.add(found);
                take(tenant, service, found, taking);
            }
        }
        ServiceSpec.setClusterIps((ObjectNode) service.get("spec"), addresses);
    }

    /** Those of the old service that the new one has no more; none of a headless one. */
    void release(Tenant tenant, ObjectNode old, List<String> kept, Taking taking) {
        for (String address : ServiceSpec.of(old).clusterIps()) {
            if (!kept.contains(address) && Addresses.isAddress(address)) {
                reads.at(path(tenant, Addresses.canonical(address)))
                        .filter(taken -> belongs(taken, old))
                        .ifPresent(taking::release);
            }
        }
    }

    private void check(
            Tenant tenant, AddressRanges ranges, ObjectNode service, String said, String wanted) {
        if (!ranges.contain(wanted)) {
            throw refused(service, said, "the provided network does not match the current range");
        }
        if (isTaken(tenant, wanted)) {
            throw refused(service, said, "provided IP is already allocated");
        }
    }

    private static ApiException refused(ObjectNode service, String address, String why) {
        JsonNode shown = service.path("spec").path("clusterIPs");
        return ApiException.invalid(
                BuiltinTypes.SERVICES.groupVersionKind(),
                Metadata.name(service),
                List.of(
                        FieldError.invalid(
                                "spec.clusterIPs",
                                Json.text(shown),
                                "failed to allocate IP " + address + ": " + why)));
    }

    private String free(Tenant tenant, List<AddressRange> ranges, Taking taking) {
        for (AddressRange range : ranges) {
            Optional<String> free =
                    range.free(
                            address ->
                                    isTaken(tenant, address)
                                            || taking.has(path(tenant, address).key()),
                            random);
            if (free.isPresent()) {
                return free.get();
            }
        }
        throw ApiException.of(
                Reason.INTERNAL_ERROR,
                "Internal error occurred: failed to allocate a serviceIP: range is full");
    }

    private boolean isTaken(Tenant tenant, String address) {
        return reads.at(path(tenant, address)).isPresent();
    }

    private static void take(Tenant tenant, ObjectNode service, String address, Taking taking) {
        ObjectNode object = Json.object();
        object.put("apiVersion", BuiltinTypes.IP_ADDRESSES.apiVersion());
        object.put("kind", BuiltinTypes.IP_ADDRESSES.kind());
        ObjectNode metadata = object.putObject("metadata").put("name", address);
        metadata.put("uid", UUID.randomUUID().toString());
        metadata.put("creationTimestamp", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        metadata.putObject("labels")
                .put("ipaddress.kubernetes.io/ip-family", address.contains(":") ? "IPv6" : "IPv4")
                .put("ipaddress.kubernetes.io/managed-by", "ipallocator.k8s.io");
        object.putObject("spec").set("parentRef", parent(service));
        taking.take(path(tenant, address).key(), Json.writeStored(object));
    }

    private static ObjectNode parent(ObjectNode service) {
        return Json.object()
                .put("group", "")
                .put("resource", "services")
                .put("namespace", Metadata.namespace(service))
                .put("name", Metadata.name(service));
    }

    private static boolean belongs(Served taken, ObjectNode service) {
        JsonNode parent = taken.tree().path("spec").path("parentRef");
        return parent.path("resource").asString("").equals("services")
                && parent.path("namespace").asString("").equals(Metadata.namespace(service))
                && parent.path("name").asString("").equals(Metadata.name(service));
    }

    private static ObjectPath path(Tenant tenant, String address) {
        return Reads.path(BuiltinTypes.IP_ADDRESSES, tenant, "", address);
    }
}
