package io.hypernetes.volume.claims;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashSet;
import java.util.Set;

/** What the reconcilers read from and write into claims, volumes and pods. */
final class Trees {

    /** Holds a claim while its volume is being made: what no PersistentVolume names yet. */
    static final String PROVISIONING = "hypernetes.io/provisioning";

    /** Holds a volume until its data is gone; upstream's name for that. */
    static final String DATA = "external-provisioner.volume.kubernetes.io/finalizer";

    static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";
    static final String BIND_COMPLETED = "pv.kubernetes.io/bind-completed";
    static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

    private Trees() {}

    static String spec(ObjectNode object, String field) {
        return object.path("spec").path(field).asString("");
    }

    static String phase(ObjectNode object) {
        return object.path("status").path("phase").asString("");
    }

    static void removeFinalizer(ObjectNode object, String finalizer) {
        ArrayNode finalizers = Metadata.ensureFinalizers(object);
        for (int i = finalizers.size() - 1; i >= 0; i--) {
            if (finalizers.get(i).asString("").equals(finalizer)) {
                finalizers.remove(i);
            }
        }
    }

    /** The names of the claims that a pod uses, those that are made for it (KEP-1698) too. */
    static Set<String> claimsOf(ObjectNode pod) {
        Set<String> names = new LinkedHashSet<>();
        for (JsonNode volume : pod.path("spec").path("volumes")) {
            if (volume.has("persistentVolumeClaim")) {
                names.add(volume.path("persistentVolumeClaim").path("claimName").asString(""));
            } else if (volume.has("ephemeral")) {
                names.add(Metadata.name(pod) + "-" + volume.path("name").asString(""));
            }
        }
        return names;
    }

    /** The claim that a volume is reserved for; its name is empty when there is none. */
    static ObjectKey claimOf(Tenant tenant, ObjectNode volume) {
        JsonNode reference = volume.path("spec").path("claimRef");
        return new ObjectKey(
                tenant,
                reference.path("namespace").asString(""),
                reference.path("name").asString(""));
    }

    static boolean isReservedFor(ObjectNode volume, ObjectNode claim) {
        JsonNode reference = volume.path("spec").path("claimRef");
        String uid = reference.path("uid").asString("");
        return reference.path("namespace").asString("").equals(Metadata.namespace(claim))
                && reference.path("name").asString("").equals(Metadata.name(claim))
                && (uid.isEmpty() || uid.equals(Metadata.uid(claim)));
    }

    static void reserve(ObjectNode volume, ObjectNode claim) {
        volume.withObject("spec")
                .putObject("claimRef")
                .put("apiVersion", "v1")
                .put("kind", "PersistentVolumeClaim")
                .put("namespace", Metadata.namespace(claim))
                .put("name", Metadata.name(claim))
                .put("uid", Metadata.uid(claim));
    }
}
