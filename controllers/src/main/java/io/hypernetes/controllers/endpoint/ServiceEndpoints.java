package io.hypernetes.controllers.endpoint;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;
import io.hypernetes.controllers.endpoint.SlicePlan.Group;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a service's pods make of it: groups for slices, subsets for Endpoints. Pure. */
final class ServiceEndpoints {
    /** Beyond this many, Endpoints are cut off: the reason for slices (KEP-752). */
    private static final int MOST_ADDRESSES = 1000;

    private ServiceEndpoints() {}

    /** A group for each family and set of ports; one without endpoints where there is nobody. */
    static List<Group> groups(ServiceView service, Collection<ObjectNode> pods) {
        List<Group> groups = new ArrayList<>();
        for (String type : service.addressTypes()) {
            List<Group> ofType = new ArrayList<>();
            for (ObjectNode pod : inOrder(service, pods)) {
                PodEndpoint endpoint = new PodEndpoint(service, pod);
                endpoint.address(type)
                        .ifPresent(address ->
                                group(ofType, type, endpoint.ports())
                                        .endpoints()
                                        .add(endpoint.inSlice(address)));
            }
            if (ofType.isEmpty()) {
                group(ofType, type, Json.object().putArray("ports"));
            }
            groups.addAll(ofType);
        }
        return groups;
    }

    private static List<ObjectNode> inOrder(ServiceView service, Collection<ObjectNode> pods) {
        return pods.stream()
                .filter(service::selects)
                .sorted(Comparator.comparing(Metadata::name))
                .toList();
    }

    private static Group group(List<Group> groups, String type, ArrayNode ports) {
        for (Group group : groups) {
            if (group.addressType().equals(type) && Json.same(group.ports(), ports)) {
                return group;
            }
        }
        Group made = new Group(type, ports, new ArrayList<>());
        groups.add(made);
        return made;
    }

    /** The older form: addresses of the first family by the ports that they have. */
    static ArrayNode subsets(ServiceView service, Collection<ObjectNode> pods) {
        Map<ArrayNode, ObjectNode> subsets = new LinkedHashMap<>();
        int count = 0;
        for (ObjectNode pod : inOrder(service, pods)) {
            PodEndpoint endpoint = new PodEndpoint(service, pod);
            Optional<String> address = endpoint.address(service.addressTypes().getFirst());
            if (address.isEmpty()
                    || (endpoint.isTerminating() && !service.publishNotReady())
                    || ++count > MOST_ADDRESSES) {
                continue;
            }
            ArrayNode ports = endpoint.ports();
            if (ports.isEmpty() && !service.ports().isEmpty()) {
                continue; // none of the service's ports is one of the pod's
            }
            subsets.computeIfAbsent(ports, _ -> Json.object())
                    .withArrayProperty(endpoint.isReady() ? "addresses" : "notReadyAddresses")
                    .add(endpoint.inEndpoints(address.get()));
        }
        ArrayNode list = Json.object().putArray("subsets");
        subsets.forEach((ports, subset) -> {
            if (!ports.isEmpty()) {
                subset.set("ports", withoutEmptyNames(ports));
            }
            list.add(subset);
        });
        return list;
    }

    private static ArrayNode withoutEmptyNames(ArrayNode ports) {
        ArrayNode plain = ports.deepCopy();
        for (JsonNode port : plain) {
            if (port instanceof ObjectNode named && named.path("name").asString("").isEmpty()) {
                named.remove("name");
            }
        }
        return plain;
    }

    /** Groups that say what hand-written Endpoints say. */
    static List<Group> mirrored(ObjectNode endpoints) {
        List<Group> groups = new ArrayList<>();
        for (JsonNode subset : endpoints.path("subsets")) {
            ArrayNode ports = Json.object().putArray("ports");
            for (JsonNode port : subset.path("ports")) {
                ObjectNode copy = (ObjectNode) port.deepCopy();
                if (!copy.has("name")) {
                    copy.put("name", "");
                }
                ports.add(copy);
            }
            mirror(groups, ports, subset.path("addresses"), true);
            mirror(groups, ports, subset.path("notReadyAddresses"), false);
        }
        return groups;
    }

    private static void mirror(
            List<Group> groups, ArrayNode ports, JsonNode addresses, boolean ready) {
        for (JsonNode address : addresses) {
            String ip = address.path("ip").asString("");
            ObjectNode endpoint = Json.object();
            endpoint.putArray("addresses").add(ip);
            endpoint.putObject("conditions").put("ready", ready);
            for (String field : List.of("hostname", "nodeName", "targetRef")) {
                if (address.has(field)) {
                    endpoint.set(field, address.get(field).deepCopy());
                }
            }
            group(groups, ip.contains(":") ? "IPv6" : "IPv4", ports).endpoints().add(endpoint);
        }
    }
}
