package io.hypernetes.server.admission;

import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/**
 * What a kubelet tells of the static pods that it runs: the only pods it may make, bound to its own
 * node, owned by it, and without a reference to what it could not read otherwise.
 */
final class MirrorPods {

    private static final String ANNOTATION = "kubernetes.io/config.mirror";

    private MirrorPods() {}

    static boolean isMirror(ObjectNode pod) {
        return Trees.has(pod, "metadata", "annotations", ANNOTATION);
    }

    /**
     * Why a node may not make this pod, in upstream's words without the node's name in front.
     *
     * @param uid the node's; empty when there is no such node
     */
    static Optional<String> wrong(ObjectNode pod, String node, Optional<String> uid) {
        if (!isMirror(pod)) {
            return Optional.of(
                    "can only create mirror pods: pod does not have \""
                            + ANNOTATION
                            + "\" annotation");
        }
        if (!Trees.text(pod, "spec", "nodeName").equals(node)) {
            return Optional.of("can only create pods with spec.nodeName set to itself");
        }
        return owner(pod, node, uid).or(() -> reference(pod));
    }

    private static Optional<String> owner(ObjectNode pod, String node, Optional<String> uid) {
        List<ObjectNode> owners = Trees.objects(Trees.at(pod, "metadata", "ownerReferences"));
        if (owners.size() > 1) {
            return Optional.of("can only create pods with a single owner reference set to itself");
        }
        boolean itself =
                owners.size() == 1
                        && Trees.text(owners.getFirst(), "apiVersion").equals("v1")
                        && Trees.text(owners.getFirst(), "kind").equals("Node")
                        && Trees.text(owners.getFirst(), "name").equals(node)
                        && owners.getFirst().path("controller").asBoolean(false);
        if (!itself) {
            return Optional.of("can only create pods with an owner reference set to itself");
        }
        ObjectNode owner = owners.getFirst();
        if (owner.path("blockOwnerDeletion").asBoolean(false)) {
            return Optional.of("must not set blockOwnerDeletion on an owner reference");
        }
        String told = Trees.text(owner, "uid");
        return uid.filter(told::equals).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "UID mismatch: expected " + uid.orElse("that of a node") + " got " + told);
    }

    private static Optional<String> reference(ObjectNode pod) {
        JsonNode spec = pod.path("spec");
        String what = "";
        if (!Trees.text(spec, "serviceAccountName").isEmpty()) {
            what = "a service account";
        } else if (mentions(spec, "secret", "secretRef", "secretKeyRef", "imagePullSecrets")) {
            what = "secrets";
        } else if (mentions(spec, "configMap", "configMapRef", "configMapKeyRef")) {
            what = "configmaps";
        } else if (mentions(spec, "clusterTrustBundle")) {
            what = "clustertrustbundles";
        } else if (mentions(spec, "persistentVolumeClaim", "ephemeral")) {
            what = "persistentvolumeclaims";
        } else if (mentions(spec, "resourceClaims")) {
            what = "resourceclaims";
        }
        return what.isEmpty()
                ? Optional.empty()
                : Optional.of("can not create pods that reference " + what);
    }

    /** Whether one of these fields is set anywhere in volumes and containers. */
    private static boolean mentions(JsonNode tree, String... fields) {
        for (String field : fields) {
            if (tree.findValues(field).stream().anyMatch(MirrorPods::says)) {
                return true;
            }
        }
        return false;
    }

    private static boolean says(JsonNode value) {
        return value.isContainer() && !value.isEmpty();
    }
}
