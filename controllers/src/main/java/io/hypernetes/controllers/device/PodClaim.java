package io.hypernetes.controllers.device;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Metadata.OwnerReference;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * An entry of a pod's {@code spec.resourceClaims}.
 *
 * @param name within the pod
 * @param template that its claim is made of; empty for a claim that the user makes
 * @param claim the ResourceClaim's name; empty while none was made of the template
 */
record PodClaim(String name, String template, Optional<String> claim) {
    /** Says on a claim that was made for a pod for which of the pod's entries. */
    static final String ANNOTATION = "resource.kubernetes.io/pod-claim-name";

    /** As generated names have it: no vowels and no digits that look like letters. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private static final int SUFFIX = 5;
    private static final int LONGEST_BASE = 57;

    boolean isMade() {
        return !template.isEmpty();
    }

    static boolean hasSome(ObjectNode pod) {
        return !pod.path("spec").path("resourceClaims").isEmpty();
    }

    /** All but those of which the status says that no claim is needed. */
    static List<PodClaim> of(ObjectNode pod) {
        List<PodClaim> claims = new ArrayList<>();
        for (JsonNode entry : pod.path("spec").path("resourceClaims")) {
            String name = entry.path("name").asString("");
            String template = entry.path("resourceClaimTemplateName").asString("");
            Optional<String> named = text(entry);
            if (template.isEmpty()) {
                claims.add(new PodClaim(name, "", named));
                continue;
            }
            Optional<JsonNode> told = told(pod, name);
            if (told.isEmpty() || text(told.get()).isPresent()) {
                claims.add(new PodClaim(name, template, told.flatMap(PodClaim::text)));
            }
        }
        return List.copyOf(claims);
    }

    private static Optional<JsonNode> told(ObjectNode pod, String name) {
        for (JsonNode status : pod.path("status").path("resourceClaimStatuses")) {
            if (status.path("name").asString("").equals(name)) {
                return Optional.of(status);
            }
        }
        return Optional.empty();
    }

    private static Optional<String> text(JsonNode entry) {
        return Optional.of(entry.path("resourceClaimName").asString(""))
                .filter(name -> !name.isEmpty());
    }

    /**
     * How the claim is called that is made for this entry: as upstream's, but with letters of the
     * pod's uid instead of chance, so that who tries again finds what was made before.
     */
    String generated(ObjectNode pod) {
        String podName = Metadata.name(pod);
        String base = podName + "-" + name + "-";
        if (base.length() > LONGEST_BASE) {
            base = share(podName, base) + "-" + share(name, base);
        }
        String seed = Metadata.uid(pod) + "/" + name;
        UUID digest = UUID.nameUUIDFromBytes(seed.getBytes(StandardCharsets.UTF_8));
        long rest = digest.getLeastSignificantBits() >>> 1;
        StringBuilder full = new StringBuilder(base);
        for (int i = 0; i < SUFFIX; i++) {
            full.append(ALPHABET.charAt((int) (rest % ALPHABET.length())));
            rest /= ALPHABET.length();
        }
        return full.toString();
    }

    private static String share(String part, String base) {
        return part.substring(0, part.length() * LONGEST_BASE / base.length());
    }

    /** The pod that a claim was made for. */
    static Optional<OwnerReference> ownerOf(ObjectNode claim) {
        return Metadata.ownerReferences(claim).stream()
                .filter(OwnerReference::controller)
                .filter(owner -> owner.apiVersion().equals("v1") && owner.kind().equals("Pod"))
                .findFirst();
    }

    static boolean isOf(ObjectNode pod, ObjectNode claim) {
        return ownerOf(claim).filter(owner -> owner.uid().equals(Metadata.uid(pod))).isPresent();
    }

    /** Certainly none of its containers runs, or ever will. */
    static boolean isDone(ObjectNode pod) {
        String phase = pod.path("status").path("phase").asString("");
        return phase.equals("Succeeded")
                || phase.equals("Failed")
                || (Metadata.isBeingDeleted(pod)
                        && pod.path("spec").path("nodeName").asString("").isEmpty());
    }
}
