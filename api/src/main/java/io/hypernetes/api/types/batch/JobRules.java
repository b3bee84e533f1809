package io.hypernetes.api.types.batch;

import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.core.PodSpecRules;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Rules for a job's spec, in a job and in a cron job's template alike. */
final class JobRules {

    private static final int MOST_INDEXES = 100_000;
    private static final int MOST_WITH_MANY_COMPLETIONS = 10_000;
    private static final int MAX_MANAGER = 63;

    private JobRules() {}

    static void spec(Field spec) {
        for (String count :
                List.of(
                        "parallelism",
                        "completions",
                        "activeDeadlineSeconds",
                        "backoffLimit",
                        "ttlSecondsAfterFinished",
                        "backoffLimitPerIndex",
                        "maxFailedIndexes")) {
            spec.at(count).ifSet().notNegative();
        }
        boolean perIndex = spec.at("backoffLimitPerIndex").isSet();
        if (spec.at("maxFailedIndexes").isSet() && !perIndex) {
            spec.at("backoffLimitPerIndex").tellRequired("when maxFailedIndexes is specified");
        }
        managedBy(spec.at("managedBy"));
        spec.at("completionMode").ifSet().oneOf("NonIndexed", "Indexed");
        if (spec.at("completionMode").is("Indexed")) {
            indexed(spec);
        } else if (!spec.at("completionMode").isGiven()
                || spec.at("completionMode").is("NonIndexed")) {
            for (String field : List.of("backoffLimitPerIndex", "maxFailedIndexes")) {
                if (spec.at(field).isSet()) {
                    spec.at(field).invalid("requires indexed completion mode");
                }
            }
        }
        policies(spec);
        PodSpecRules.ofTemplate(spec.at("template"));
        restartPolicy(spec);
    }

    private static void managedBy(Field manager) {
        if (!manager.isSet()) {
            return;
        }
        String text = manager.text();
        int slash = text.indexOf('/');
        if (text.isEmpty()) {
            manager.tellRequired("");
        } else if (slash <= 0 || slash == text.length() - 1) {
            manager.invalid("must be a domain-prefixed path (such as \"acme.io/foo\")");
        } else {
            Names.dnsSubdomain(text.substring(0, slash))
                    .forEach(sentence -> manager.invalid(text.substring(0, slash), sentence));
        }
        if (text.length() > MAX_MANAGER) {
            manager.tooLong(MAX_MANAGER);
        }
    }

    private static void indexed(Field spec) {
        Field completions = spec.at("completions");
        Field parallelism = spec.at("parallelism");
        Field failed = spec.at("maxFailedIndexes");
        if (!completions.isSet()) {
            completions.tellRequired("when completion mode is Indexed");
        }
        if (parallelism.number() > MOST_INDEXES) {
            parallelism.invalid(
                    "must be less than or equal to "
                            + MOST_INDEXES
                            + " when completion mode is Indexed");
        }
        if (completions.isSet() && failed.number() > completions.number()) {
            failed.invalid("must be less than or equal to completions");
        }
        if (failed.number() > MOST_INDEXES) {
            failed.invalid("must be less than or equal to " + MOST_INDEXES);
        }
        if (completions.number() <= MOST_INDEXES || !spec.at("backoffLimitPerIndex").isSet()) {
            return;
        }
        if (!failed.isSet()) {
            failed.tellRequired("must be specified when completions is above " + MOST_INDEXES);
        }
        for (Field count : List.of(parallelism, failed)) {
            if (count.number() > MOST_WITH_MANY_COMPLETIONS) {
                count.invalid(
                        "must be less than or equal to "
                                + MOST_WITH_MANY_COMPLETIONS
                                + " when completions are above "
                                + MOST_INDEXES
                                + " and used with backoff limit per index");
            }
        }
    }

    private static void policies(Field spec) {
        if (spec.at("podFailurePolicy").isSet()) {
            JobPolicyRules.failure(spec);
        }
        Field success = spec.at("successPolicy");
        if (success.isSet() && !spec.at("completionMode").is("Indexed")) {
            success.invalid(JobPolicyRules.shown(success), "requires indexed completion mode");
        } else if (success.isSet()) {
            JobPolicyRules.success(spec);
        }
        Field replacement = spec.at("podReplacementPolicy");
        if (spec.at("podFailurePolicy").isSet()) {
            replacement.ifSet().oneOf("Failed");
        } else {
            replacement.ifSet().oneOf("Failed", "TerminatingOrFailed");
        }
    }

    private static void restartPolicy(Field spec) {
        Field policy = spec.at("template", "spec", "restartPolicy");
        switch (policy.text()) {
            case "", "Always" -> policy.tellRequired("valid values: \"OnFailure\", \"Never\"");
            case "OnFailure" -> {
                if (spec.at("podFailurePolicy").isSet()) {
                    policy.invalid(
                            "only \"Never\" is supported when podFailurePolicy is specified");
                }
            }
            case "Never" -> {}
            default -> policy.notSupported(List.of("OnFailure", "Never"));
        }
    }

    static void update(Field job, Field old) {
        Field spec = job.at("spec");
        Field was = old.at("spec");
        completions(spec, was);
        spec.at("selector").immutable(was.at("selector"));
        template(job, old);
        for (String field :
                List.of(
                        "completionMode",
                        "podFailurePolicy",
                        "backoffLimitPerIndex",
                        "managedBy",
                        "successPolicy")) {
            spec.at(field).immutable(was.at(field));
        }
    }

    /** An indexed job may grow and shrink, its pods with it. */
    private static void completions(Field spec, Field was) {
        Field completions = spec.at("completions");
        if (!spec.at("completionMode").is("Indexed")) {
            completions.immutable(was.at("completions"));
        } else if (completions.isSet()
                && !completions.same(was.at("completions"))
                && completions.number() != spec.at("parallelism").number()) {
            completions.invalid("can only be modified in tandem with spec.parallelism");
        }
    }

    /** While a job waits for its first start it may be told where its pods go (KEP-2926). */
    private static void template(Field job, Field old) {
        Field template = job.at("spec", "template");
        ObjectNode was = old.at("spec", "template").object().deepCopy();
        boolean waits = old.at("spec", "suspend").flag() && !old.at("status", "startTime").isSet();
        if (waits) {
            ObjectNode now = template.object();
            Trees.copy("labels", Trees.child(now, "metadata"), Trees.child(was, "metadata"));
            Trees.copy("annotations", Trees.child(now, "metadata"), Trees.child(was, "metadata"));
            for (String field : List.of("nodeSelector", "tolerations", "schedulingGates")) {
                Trees.copy(field, Trees.child(now, "spec"), Trees.child(was, "spec"));
            }
            affinity(Trees.child(now, "spec"), Trees.child(was, "spec"));
        }
        if (!Json.same(template.value(), was)) {
            template.invalid("field is immutable");
        }
    }

    private static void affinity(ObjectNode now, ObjectNode was) {
        ObjectNode affinity =
                now.path("affinity") instanceof ObjectNode a ? a.deepCopy() : Json.object();
        ObjectNode before =
                was.path("affinity") instanceof ObjectNode a ? a.deepCopy() : Json.object();
        Trees.copy("nodeAffinity", affinity, before);
        if (before.isEmpty() && !now.has("affinity")) {
            was.remove("affinity");
        } else {
            was.set("affinity", before);
        }
    }
}
