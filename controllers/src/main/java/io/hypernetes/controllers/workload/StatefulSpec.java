package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.select.LabelSelector;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** What a StatefulSet asks for, and the identity that it gives to its pods. */
record StatefulSpec(ObjectNode set, JsonNode spec) {
    private static final String POD_NAME = "statefulset.kubernetes.io/pod-name";
    private static final String POD_INDEX = "apps.kubernetes.io/pod-index";

    static StatefulSpec of(ObjectNode set) {
        return new StatefulSpec(set, set.path("spec"));
    }

    int replicas() {
        return spec.path("replicas").asInt(1);
    }

    int start() {
        return spec.path("ordinals").path("start").asInt(0);
    }

    /** Whether pods come and go one after the other. */
    boolean ordered() {
        return !spec.path("podManagementPolicy").asString("").equals("Parallel");
    }

    boolean rolls() {
        return !spec.at("/updateStrategy/type").asString("").equals("OnDelete");
    }

    /** Ordinals below it keep the current revision. */
    int partition() {
        return start() + spec.at("/updateStrategy/rollingUpdate/partition").asInt(0);
    }

    long minReadySeconds() {
        return spec.path("minReadySeconds").asLong(0);
    }

    LabelSelector selector() {
        return LabelSelector.fromObject(spec.path("selector"));
    }

    boolean deletesClaims(String when) {
        return spec.path("persistentVolumeClaimRetentionPolicy")
                .path(when)
                .asString("")
                .equals("Delete");
    }

    /** -1 for a pod of another name. */
    int ordinal(ObjectNode pod) {
        String prefix = Metadata.name(set) + "-";
        String name = Metadata.name(pod);
        String rest = name.startsWith(prefix) ? name.substring(prefix.length()) : "";
        return rest.matches("0|[1-9][0-9]{0,8}") ? Integer.parseInt(rest) : -1;
    }

    boolean wants(int ordinal) {
        return ordinal >= start() && ordinal < start() + replicas();
    }

    private String podName(int ordinal) {
        return Metadata.name(set) + "-" + ordinal;
    }

    ObjectNode pod(int ordinal, JsonNode template, String revision, ObjectNode reference) {
        String name = podName(ordinal);
        ObjectNode pod = PodTemplate.pod(set, template, reference);
        Metadata.ensureMetadata(pod).put("name", name).remove("generateName");
        Metadata.ensureLabels(pod)
                .put(SetRevisions.HASH_LABEL, revision)
                .put(POD_NAME, name)
                .put(POD_INDEX, Integer.toString(ordinal));
        ObjectNode podSpec = pod.withObjectProperty("spec");
        podSpec.put("hostname", name);
        String service = spec.path("serviceName").asString("");
        if (!service.isEmpty()) {
            podSpec.put("subdomain", service);
        }
        ArrayNode volumes = Json.object().putArray("volumes");
        List<String> claimed = new ArrayList<>();
        for (JsonNode claim : spec.path("volumeClaimTemplates")) {
            String volume = claim.path("metadata").path("name").asString("");
            claimed.add(volume);
            volumes.addObject()
                    .put("name", volume)
                    .putObject("persistentVolumeClaim")
                    .put("claimName", volume + "-" + name);
        }
        for (JsonNode volume : podSpec.path("volumes")) {
            if (!claimed.contains(volume.path("name").asString(""))) {
                volumes.add(volume);
            }
        }
        if (!volumes.isEmpty()) {
            podSpec.set("volumes", volumes);
        }
        return pod;
    }

    /** The claims of one pod; they outlive it. */
    List<ObjectNode> claims(int ordinal) {
        List<ObjectNode> claims = new ArrayList<>();
        for (JsonNode template : spec.path("volumeClaimTemplates")) {
            ObjectNode claim = (ObjectNode) template.deepCopy();
            claim.remove("status");
            ObjectNode metadata = Metadata.ensureMetadata(claim);
            metadata.put("name", Metadata.name(claim) + "-" + podName(ordinal));
            metadata.put("namespace", Metadata.namespace(set));
            ObjectNode labels = Metadata.ensureLabels(claim);
            spec.path("selector").path("matchLabels").forEachEntry(labels::set);
            claims.add(claim);
        }
        return claims;
    }
}
