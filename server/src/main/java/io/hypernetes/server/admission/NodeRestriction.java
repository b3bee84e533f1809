package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.admission.AdmissionRequest.Operation;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.store.Compare;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * A kubelet ({@code system:node:NAME}) changes its own node, its own lease and the pods bound to
 * it, and nothing of other nodes, as upstream's plug-in of this name. Mirror pods, which show a
 * kubelet's static pods, are not kept here: a kubelet makes no pods at all.
 */
final class NodeRestriction implements AdmissionController {
    private static final String NODE = "system:node:";
    private static final String NODES = "system:nodes";
    private static final String RESTRICTED = "node-restriction.kubernetes.io";
    private static final String LEASES = "kube-node-lease";

    private final WorldObjects pods;
    private final WorldObjects nodes;

    NodeRestriction(Reads reads) {
        this.pods = new WorldObjects(reads, "", "pods");
        this.nodes = new WorldObjects(reads, "", "nodes");
    }

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        node(request.call().user()).ifPresent(node -> check(request, node));
        return List.of();
    }

    private static Optional<String> node(UserInfo user) {
        return user.name().startsWith(NODE) && user.groups().contains(NODES)
                ? Optional.of(user.name().substring(NODE.length()))
                : Optional.empty();
    }

    private void check(AdmissionRequest request, String node) {
        GroupResource resource = request.type().id();
        if (resource.equals(BuiltinTypes.NODES.id())) {
            checkNode(request, node);
        } else if (resource.equals(BuiltinTypes.PODS.id())) {
            checkPod(request, node);
        } else if (resource.equals(BuiltinTypes.LEASES.id())) {
            checkLease(request, node);
        } else if (resource.equals(BuiltinTypes.CSI_NODES.id())) {
            require(
                    request,
                    request.name().equals(node),
                    "can only access CSINode with the same name as the requesting node");
        } else if (request.subresource().equals("token")) {
            checkToken(request, node);
        }
    }

    private static void checkNode(AdmissionRequest request, String node) {
        require(
                request,
                request.name().equals(node),
                "is not allowed to modify node \"" + request.name() + "\"");
        Set<String> labels = new TreeSet<>();
        JsonNode before = request.old().map(NodeRestriction::labels).orElse(Json.object());
        JsonNode after = labels(request.object());
        for (JsonNode side : List.of(before, after)) {
            for (String key : side.propertyNames()) {
                if (isRestricted(key) && !before.path(key).equals(after.path(key))) {
                    labels.add(key);
                }
            }
        }
        boolean deletes = request.operation() == Operation.DELETE;
        require(
                request,
                deletes || labels.isEmpty(),
                "is not allowed to modify labels: " + String.join(", ", labels));
        boolean taintsStay =
                request.old()
                        .map(old ->
                                old.path("spec")
                                        .path("taints")
                                        .equals(request.object().path("spec").path("taints")))
                        .orElse(true);
        require(request, deletes || taintsStay, "is not allowed to modify taints");
    }

    private static JsonNode labels(ObjectNode object) {
        return object.path("metadata").path("labels");
    }

    /** Labels under this domain say which nodes may be trusted with what. */
    private static boolean isRestricted(String key) {
        String domain = key.substring(0, Math.max(0, key.indexOf('/')));
        return domain.equals(RESTRICTED) || domain.endsWith("." + RESTRICTED);
    }

    private void checkPod(AdmissionRequest request, String node) {
        switch (request.operation()) {
            case CREATE -> {
                if (!request.subresource().equals("eviction")) {
                    Optional<String> wrong =
                            MirrorPods.wrong(request.object(), node, uid(request, node));
                    require(request, wrong.isEmpty(), wrong.orElse(""));
                    return;
                }
                require(
                        request,
                        isOn(
                                node,
                                pods.find(
                                                request.call().tenant(),
                                                request.namespace(),
                                                request.name())
                                        .map(Served::tree)),
                        "can only evict pods with spec.nodeName set to itself");
            }
            case UPDATE -> {
                require(
                        request,
                        request.subresource().equals("status"),
                        "can only update the status of pods");
                require(
                        request,
                        isOn(node, request.old()),
                        "can only update pod status for pods with spec.nodeName set to itself");
            }
            case DELETE ->
                    require(
                            request,
                            isOn(node, request.old()),
                            "can only delete pods with spec.nodeName set to itself");
            case CONNECT -> {}
        }
    }

    private Optional<String> uid(AdmissionRequest request, String node) {
        return nodes.find(request.call().tenant(), "", node).map(Served::tree).map(Metadata::uid);
    }

    private static boolean isOn(String node, Optional<ObjectNode> pod) {
        return pod.map(tree -> tree.path("spec").path("nodeName").asString("").equals(node))
                .orElse(false);
    }

    private static void checkLease(AdmissionRequest request, String node) {
        require(
                request,
                request.namespace().equals(LEASES),
                "can only access leases in the \"" + LEASES + "\" system namespace");
        require(
                request,
                request.name().equals(node),
                "can only access node lease with the same name as the requesting node");
    }

    /** A kubelet gets tokens for the pods that it runs. */
    private void checkToken(AdmissionRequest request, String node) {
        JsonNode bound = request.object().path("spec").path("boundObjectRef");
        String name = bound.path("name").asString("");
        Tenant tenant = request.call().tenant();
        Optional<ObjectNode> pod =
                bound.path("kind").asString("").equals("Pod")
                        ? pods.find(tenant, request.namespace(), name).map(Served::tree)
                        : Optional.empty();
        require(request, pod.isPresent(), "requested token not bound to a pod");
        String uid = bound.path("uid").asString("");
        require(
                request,
                uid.equals(Metadata.uid(pod.orElseThrow())),
                "requested token bound to a pod with another uid");
        require(
                request,
                isOn(node, pod),
                "requested token bound to a pod scheduled on a different node");
    }

    private static void require(AdmissionRequest request, boolean met, String why) {
        if (!met) {
            String user = request.call().user().name().substring(NODE.length());
            throw ApiException.forbidden(
                    request.type().id(), request.name(), "node \"" + user + "\" " + why);
        }
    }
}
