package io.hypernetes.api.types.batch;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.core.PodTemplates;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** What a job's spec means where it says nothing, and the labels that make its pods its own. */
final class JobDefaults {

    private static final String OLD_UID = "controller-uid";
    private static final String OLD_NAME = "job-name";
    private static final String UID = "batch.kubernetes.io/controller-uid";
    private static final String NAME = "batch.kubernetes.io/job-name";

    private JobDefaults() {}

    /** Of a job and of a cron job's template. */
    static void common(ObjectNode spec) {
        PodTemplates.applyDefaults(spec);
        for (ObjectNode rule : Trees.objects(spec.path("podFailurePolicy").path("rules"))) {
            for (ObjectNode pattern : Trees.objects(rule.path("onPodConditions"))) {
                Trees.setDefault(pattern, "status", "True");
            }
        }
    }

    static void job(ObjectNode job) {
        ObjectNode spec = Trees.child(job, "spec");
        common(spec);
        if (!Trees.has(spec, "completions") && !Trees.has(spec, "parallelism")) {
            Trees.setDefault(spec, "completions", 1);
        }
        Trees.setDefault(spec, "parallelism", 1);
        boolean perIndex = Trees.has(spec, "backoffLimitPerIndex");
        Trees.setDefault(spec, "backoffLimit", perIndex ? Integer.MAX_VALUE : 6);
        Trees.setDefault(spec, "completionMode", "NonIndexed");
        Trees.setDefault(spec, "manualSelector", false);
        Trees.setDefault(spec, "suspend", false);
        boolean hasPolicy = Trees.has(spec, "podFailurePolicy");
        Trees.setDefault(
                spec, "podReplacementPolicy", hasPolicy ? "Failed" : "TerminatingOrFailed");
        labels(job);
    }

    /** A job without labels of its own has its pods'. */
    private static void labels(ObjectNode job) {
        if (Metadata.labels(job).isEmpty()
                && Trees.at(job, "spec", "template", "metadata", "labels")
                        instanceof ObjectNode labels
                && !labels.isEmpty()) {
            Metadata.ensureMetadata(job).set("labels", labels.deepCopy());
        }
    }

    /** Unless the user does it, the pods of a job are told from others by its unique id. */
    static void generateSelector(ObjectNode job) {
        ObjectNode spec = Trees.child(job, "spec");
        if (spec.path("manualSelector").asBoolean(false)) {
            return;
        }
        ObjectNode labels =
                Trees.child(Trees.child(Trees.child(spec, "template"), "metadata"), "labels");
        boolean shared = Metadata.ensureMetadata(job).path("labels").equals(labels);
        for (String key : List.of(UID, OLD_UID)) {
            setIfAbsent(labels, key, Metadata.uid(job));
        }
        for (String key : List.of(NAME, OLD_NAME)) {
            setIfAbsent(labels, key, Metadata.name(job));
        }
        ObjectNode matched = Trees.child(Trees.child(spec, "selector"), "matchLabels");
        setIfAbsent(matched, UID, Metadata.uid(job));
        if (shared) {
            Metadata.ensureMetadata(job).set("labels", labels.deepCopy());
        }
        labels(job);
    }

    private static void setIfAbsent(ObjectNode labels, String key, String value) {
        if (!labels.has(key)) {
            labels.put(key, value);
        }
    }
}
