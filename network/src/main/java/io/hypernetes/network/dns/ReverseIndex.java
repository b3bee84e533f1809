package io.hypernetes.network.dns;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.controllerruntime.Informer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which Services of a tenant have to do with an address: as their own, or as an endpoint's. */
final class ReverseIndex {

    private static final String SERVICE_NAME = "kubernetes.io/service-name";

    private record Place(Tenant tenant, String address) {}

    private record Source(ResourceType type, ObjectKey key) {}

    /** Address to what names it to the service meant; guarded by the map's own locks. */
    private final Map<Place, Map<Source, ObjectKey>> services = new ConcurrentHashMap<>();

    ReverseIndex(Informer services, Informer slices) {
        follow(services, (_, service) -> addresses(service), (key, _) -> key);
        follow(slices, (_, slice) -> endpoints(slice), ReverseIndex::serviceOf);
    }

    private void follow(
            Informer informer,
            BiFunction<ObjectKey, ObjectNode, Stream<String>> addresses,
            BiFunction<ObjectKey, ObjectNode, ObjectKey> service) {
        informer.listen((key, before, current) -> {
            Source source = new Source(informer.type(), key);
            Set<String> old = texts(before.map(object -> addresses.apply(key, object)));
            Set<String> now = texts(current.map(object -> addresses.apply(key, object)));
            for (String address : old) {
                if (!now.contains(address)) {
                    remove(new Place(key.tenant(), address), source);
                }
            }
            current.ifPresent(object -> {
                ObjectKey meant = service.apply(key, object);
                now.forEach(address -> put(new Place(key.tenant(), address), source, meant));
            });
        });
    }

    private static Set<String> texts(Optional<Stream<String>> addresses) {
        return addresses.map(all -> all.collect(Collectors.toSet())).orElse(Set.of());
    }

    private void put(Place place, Source source, ObjectKey service) {
        services.compute(
                place,
                (_, held) -> {
                    Map<Source, ObjectKey> map = held == null ? new ConcurrentHashMap<>() : held;
                    map.put(source, service);
                    return map;
                });
    }

    private void remove(Place place, Source source) {
        services.computeIfPresent(
                place,
                (_, held) -> {
                    held.remove(source);
                    return held.isEmpty() ? null : held;
                });
    }

    private static Stream<String> addresses(ObjectNode service) {
        JsonNode spec = service.path("spec");
        return Stream.concat(
                        Stream.of(spec.path("clusterIP")), spec.path("clusterIPs").valueStream())
                .flatMap(address -> AddressNames.canonical(address.asString("")).stream());
    }

    private static Stream<String> endpoints(ObjectNode slice) {
        return slice.path("endpoints")
                .valueStream()
                .flatMap(endpoint -> endpoint.path("addresses").valueStream())
                .flatMap(address -> AddressNames.canonical(address.asString("")).stream());
    }

    private static ObjectKey serviceOf(ObjectKey key, ObjectNode slice) {
        return new ObjectKey(key.tenant(), key.namespace(), Metadata.label(slice, SERVICE_NAME));
    }

    Set<ObjectKey> services(Tenant tenant, String address) {
        return Set.copyOf(services.getOrDefault(new Place(tenant, address), Map.of()).values());
    }
}
