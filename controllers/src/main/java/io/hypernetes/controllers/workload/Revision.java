package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;

/** What a Deployment writes on its replica sets so that they tell their place in its history. */
final class Revision {
    static final String HASH_LABEL = "pod-template-hash";
    static final String NUMBER = "deployment.kubernetes.io/revision";
    static final String HISTORY = "deployment.kubernetes.io/revision-history";
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MOST = "deployment.kubernetes.io/max-replicas";

    /** Annotations of a Deployment that its replica sets do not inherit. */
    private static final Set<String> OWN =
            Set.of(
                    "kubectl.kubernetes.io/last-applied-configuration",
                    NUMBER,
                    HISTORY,
                    DESIRED,
                    MOST,
                    "deprecated.deployment.rollback.to");

    /** Letters and digits that cannot make words, as names of Kubernetes' own making use them. */
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";

    private Revision() {}

    static long number(ObjectNode object) {
        try {
            String text = Metadata.annotation(object, NUMBER);
            return text.isEmpty() ? 0 : Long.parseLong(text);
        } catch (NumberFormatException _) {
            return 0;
        }
    }

    /** An annotation that is a count; {@code absent} when it is not there. */
    static int count(ObjectNode set, String annotation, int absent) {
        try {
            String text = Metadata.annotation(set, annotation);
            return text.isEmpty() ? absent : Integer.parseInt(text);
        } catch (NumberFormatException _) {
            return absent;
        }
    }

    /** Whether a replica set runs this template. */
    static boolean runs(ObjectNode set, JsonNode template) {
        return Json.same(plain(set.path("spec").path("template")), plain(template));
    }

    private static JsonNode plain(JsonNode template) {
        JsonNode plain = template.deepCopy();
        if (plain.path("metadata") instanceof ObjectNode metadata) {
            metadata.remove("creationTimestamp");
            if (metadata.get("labels") instanceof ObjectNode labels) {
                labels.remove(HASH_LABEL);
            }
        }
        return plain;
    }

    /**
     * Tells templates apart in names and labels.
     *
     * @param collisions how often this template's hash was found to be another's
     */
    static String hash(JsonNode template, int collisions) {
        int hash = 0x811c9dc5; // FNV-1a, 32 bits
        String text = Json.text(plain(template)) + (collisions == 0 ? "" : collisions);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x01000193;
        }
        StringBuilder name = new StringBuilder();
        for (char digit : Integer.toUnsignedString(hash).toCharArray()) {
            name.append(ALPHABET.charAt(digit % ALPHABET.length()));
        }
        return name.toString();
    }

    /**
     * Gives a replica set what it inherits.
     *
     * @param number of the revision that the set becomes; one that it has is not taken back
     */
    static void annotate(ObjectNode set, ObjectNode deployment, DeploymentSpec spec, long number) {
        ObjectNode annotations = Metadata.ensureAnnotations(set);
        for (Map.Entry<String, String> inherited : Metadata.annotations(deployment).entrySet()) {
            if (!OWN.contains(inherited.getKey())) {
                annotations.put(inherited.getKey(), inherited.getValue());
            }
        }
        long before = number(set);
        if (number > before) {
            if (before > 0) {
                String history = Metadata.annotation(set, HISTORY);
                annotations.put(HISTORY, history.isEmpty() ? "" + before : history + "," + before);
            }
            annotations.put(NUMBER, Long.toString(number));
        }
        annotateSize(set, spec);
    }

    static void annotateSize(ObjectNode set, DeploymentSpec spec) {
        Metadata.ensureAnnotations(set)
                .put(DESIRED, Integer.toString(spec.replicas()))
                .put(MOST, Integer.toString(spec.mostPods()));
    }
}
