package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.select.LabelSelector;
import io.hypernetes.api.types.batch.Indexes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;

/** What a job asks for, and what its pods say of their places in it. */
record JobSpec(ObjectNode job, JsonNode spec) {
    /** On every pod that is not counted yet. */
    static final String TRACKED = "batch.kubernetes.io/job-tracking";

    static final String INDEX = "batch.kubernetes.io/job-completion-index";

    /** How often a pod's index had failed before the pod was made. */
    static final String INDEX_FAILURES = "batch.kubernetes.io/job-index-failure-count";

    private static final String CONTROLLER = "kubernetes.io/job-controller";

    static JobSpec of(ObjectNode job) {
        return new JobSpec(job, job.path("spec"));
    }

    boolean isOurs() {
        return spec.path("managedBy").asString(CONTROLLER).equals(CONTROLLER);
    }

    LabelSelector selector() {
        return spec.path("selector").isObject()
                ? LabelSelector.fromObject(spec.path("selector"))
                : LabelSelector.NOTHING;
    }

    boolean indexed() {
        return spec.path("completionMode").asString("").equals("Indexed");
    }

    int parallelism() {
        return spec.path("parallelism").asInt(1);
    }

    /** Empty where the first success means that all is done. */
    OptionalInt completions() {
        return number("completions");
    }

    int backoffLimit() {
        return spec.path("backoffLimit").asInt(6);
    }

    OptionalInt backoffLimitPerIndex() {
        return number("backoffLimitPerIndex");
    }

    OptionalInt number(String field) {
        JsonNode value = spec.path(field);
        return value.isIntegralNumber() ? OptionalInt.of(value.asInt()) : OptionalInt.empty();
    }

    boolean suspended() {
        return spec.path("suspend").asBoolean(false);
    }

    /** Whether a pod is replaced only when it has ended, not as soon as it is told to. */
    boolean replacesEndedOnly() {
        return spec.path("podReplacementPolicy").asString("").equals("Failed");
    }

    boolean restartsInPlace() {
        return spec.at("/template/spec/restartPolicy").asString("").equals("OnFailure");
    }

    Optional<ObjectNode> condition(String type) {
        for (JsonNode condition : job.path("status").path("conditions")) {
            if (condition instanceof ObjectNode known
                    && known.path("type").asString("").equals(type)
                    && known.path("status").asString("").equals("True")) {
                return Optional.of(known);
            }
        }
        return Optional.empty();
    }

    /** The condition that says that it is over. */
    Optional<ObjectNode> finished() {
        return condition("Complete").or(() -> condition("Failed"));
    }

    /** A set of indexes in the status; an unreadable one is empty. */
    BitSet indexes(String field) {
        try {
            String text = job.path("status").path(field).asString("");
            return Indexes.parse(text, completions().orElse(0));
        } catch (IllegalArgumentException _) {
            return new BitSet();
        }
    }

    // Pods.

    static boolean isTracked(ObjectNode pod) {
        return Metadata.finalizers(pod).contains(TRACKED);
    }

    static boolean hasSucceeded(ObjectNode pod) {
        return PodState.phase(pod).equals("Succeeded");
    }

    /**
     * A pod that is told to go before it ended has failed, unless its end is waited for; no node
     * will tell the end of one that has none.
     */
    boolean hasFailed(ObjectNode pod) {
        boolean waitedFor = replacesEndedOnly() && !PodState.node(pod).isEmpty();
        return PodState.phase(pod).equals("Failed")
                || (Metadata.isBeingDeleted(pod) && !hasSucceeded(pod) && !waitedFor);
    }

    static boolean isTerminating(ObjectNode pod) {
        return Metadata.isBeingDeleted(pod) && !PodState.hasEnded(pod);
    }

    /** -1 for a pod that has none of the job's indexes. */
    int index(ObjectNode pod) {
        String text = Metadata.annotation(pod, INDEX);
        if (!indexed() || !text.matches("[0-9]{1,9}")) {
            return -1;
        }
        int index = Integer.parseInt(text);
        return index < completions().orElse(0) ? index : -1;
    }

    static int earlierFailures(ObjectNode pod) {
        String text = Metadata.annotation(pod, INDEX_FAILURES);
        return text.matches("[0-9]{1,9}") ? Integer.parseInt(text) : 0;
    }

    /**
     * @param index -1 for none
     * @param failures of that index before
     */
    ObjectNode pod(int index, int failures, ObjectNode reference) {
        ObjectNode pod = PodTemplate.pod(job, spec.path("template"), reference);
        Metadata.ensureFinalizers(pod).add(TRACKED);
        if (index >= 0) {
            String name = Metadata.name(job) + "-" + index;
            Metadata.ensureMetadata(pod).put("generateName", name + "-");
            Metadata.ensureLabels(pod).put(INDEX, Integer.toString(index));
            Metadata.ensureAnnotations(pod).put(INDEX, Integer.toString(index));
            if (backoffLimitPerIndex().isPresent()) {
                Metadata.ensureAnnotations(pod).put(INDEX_FAILURES, Integer.toString(failures));
            }
            ObjectNode podSpec = pod.withObjectProperty("spec");
            podSpec.put("hostname", name);
            tellIndex(podSpec.path("initContainers"));
            tellIndex(podSpec.path("containers"));
        }
        return pod;
    }

    private static void tellIndex(JsonNode containers) {
        for (JsonNode container : containers) {
            boolean told =
                    container
                            .path("env")
                            .valueStream()
                            .anyMatch(v ->
                                    v.path("name").asString("").equals("JOB_COMPLETION_INDEX"));
            if (!told && container instanceof ObjectNode object) {
                ObjectNode variable = Json.object().put("name", "JOB_COMPLETION_INDEX");
                variable.putObject("valueFrom")
                        .putObject("fieldRef")
                        .put("fieldPath", "metadata.labels['" + INDEX + "']");
                object.withArrayProperty("env").add(variable);
            }
        }
    }
}
