package io.hypernetes.controllers.endpoint;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From the slices that are there to those that should be, with few writes: an endpoint stays in its
 * slice, a new one goes where there is room.
 */
final class SlicePlan {
    static final String SERVICE_NAME = "kubernetes.io/service-name";
    static final String MANAGED_BY = "endpointslice.kubernetes.io/managed-by";

    /** Upstream's. */
    private static final int MOST = 100;

    /**
     * Endpoints that may share slices.
     *
     * @param ports of every one of them
     */
    record Group(String addressType, ArrayNode ports, List<ObjectNode> endpoints) {}

    /**
     * What all slices of a service have in common.
     *
     * @param owner the entry of {@code metadata.ownerReferences}
     */
    record Frame(String namespace, String service, Map<String, String> labels, ObjectNode owner) {}

    private final Frame frame;
    final List<ObjectNode> created = new ArrayList<>();
    final List<ObjectNode> updated = new ArrayList<>();
    final List<ObjectNode> deleted = new ArrayList<>();

    private SlicePlan(Frame frame) {
        this.frame = frame;
    }

    /**
     * @param existing slices of the same manager
     */
    static SlicePlan of(Frame frame, List<Group> wanted, List<ObjectNode> existing) {
        SlicePlan plan = new SlicePlan(frame);
        List<ObjectNode> left = new ArrayList<>(existing);
        left.sort(Comparator.comparing(Metadata::name));
        for (Group group : wanted) {
            List<ObjectNode> fitting = left.stream().filter(slice -> fits(slice, group)).toList();
            left.removeAll(fitting);
            plan.fill(group, fitting);
        }
        plan.deleted.addAll(left);
        return plan;
    }

    private static boolean fits(ObjectNode slice, Group group) {
        JsonNode ports = slice.path("ports");
        return slice.path("addressType").asString("").equals(group.addressType())
                && (Json.same(ports, group.ports())
                        || (ports.isEmpty() && group.ports().isEmpty()));
    }

    private static String identity(JsonNode endpoint) {
        String uid = endpoint.path("targetRef").path("uid").asString("");
        return uid + " " + endpoint.path("addresses").path(0).asString("");
    }

    private void fill(Group group, List<ObjectNode> slices) {
        Map<String, ObjectNode> left = new LinkedHashMap<>();
        group.endpoints().forEach(endpoint -> left.putIfAbsent(identity(endpoint), endpoint));
        List<List<ObjectNode>> contents = new ArrayList<>();
        for (ObjectNode slice : slices) {
            List<ObjectNode> kept = new ArrayList<>();
            for (JsonNode endpoint : slice.path("endpoints")) {
                Optional.ofNullable(left.remove(identity(endpoint))).ifPresent(kept::add);
            }
            contents.add(kept);
        }
        List<ObjectNode> fresh = new ArrayList<>(left.values());
        for (List<ObjectNode> content : contents) {
            while (!fresh.isEmpty() && content.size() < MOST && !content.isEmpty()) {
                content.add(fresh.removeFirst());
            }
        }
        // What says that there is nobody: one slice without endpoints.
        boolean nobody = group.endpoints().isEmpty();
        for (int i = 0; i < slices.size(); i++) {
            if (!fresh.isEmpty() && contents.get(i).isEmpty()) {
                int end = Math.min(MOST, fresh.size());
                contents.get(i).addAll(fresh.subList(0, end));
                fresh = new ArrayList<>(fresh.subList(end, fresh.size()));
            }
            if (contents.get(i).isEmpty() && !(nobody && i == 0)) {
                deleted.add(slices.get(i));
            } else {
                update(slices.get(i), contents.get(i));
            }
        }
        for (int i = 0; i < fresh.size(); i += MOST) {
            create(group, fresh.subList(i, Math.min(fresh.size(), i + MOST)));
        }
        if (nobody && slices.isEmpty()) {
            create(group, List.of());
        }
    }

    private void update(ObjectNode slice, List<ObjectNode> endpoints) {
        ObjectNode changed = slice.deepCopy();
        endpoints(changed, endpoints);
        Metadata.ensureMetadata(changed).set("labels", labels());
        if (!Json.same(changed, slice)) {
            updated.add(changed);
        }
    }

    private void create(Group group, List<ObjectNode> endpoints) {
        ObjectNode slice = Json.object();
        ObjectNode metadata = slice.putObject("metadata");
        metadata.put("namespace", frame.namespace()).put("generateName", frame.service() + "-");
        metadata.set("labels", labels());
        metadata.putArray("ownerReferences").add(frame.owner());
        slice.put("addressType", group.addressType());
        slice.set("ports", group.ports());
        endpoints(slice, endpoints);
        created.add(slice);
    }

    private static void endpoints(ObjectNode slice, List<ObjectNode> endpoints) {
        ArrayNode list = slice.putArray("endpoints");
        endpoints.forEach(list::add);
    }

    private ObjectNode labels() {
        ObjectNode labels = Json.object();
        frame.labels().forEach(labels::put);
        return labels;
    }
}
