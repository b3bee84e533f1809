package io.hypernetes.api.types.batch;

import io.hypernetes.api.FieldError.Type;
import io.hypernetes.api.types.kind.Counts;
import io.hypernetes.api.types.kind.Field;

import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a job's controller may say of it: what is done stays done (KEP-4368). */
final class JobStatusRules {

    private final Field job;
    private final Field status;
    private final Field old;

    private JobStatusRules(Field job, Field old) {
        this.job = job;
        this.status = job.at("status");
        this.old = old.at("status");
    }

    static void check(Field job, Field old) {
        JobStatusRules rules = new JobStatusRules(job, old);
        rules.counters();
        rules.uncounted();
        rules.conditions();
        rules.times();
        rules.finished();
        rules.indexes();
        rules.changes();
    }

    private static boolean is(Field status, String condition) {
        return status.at("conditions").items().stream()
                .anyMatch(c -> c.at("type").is(condition) && c.at("status").is("True"));
    }

    private boolean is(String condition) {
        return is(status, condition);
    }

    private boolean isFinished() {
        return is("Complete") || is("Failed");
    }

    private void counters() {
        Counts.notNegative(status, "active", "succeeded", "failed", "ready", "terminating");
    }

    private void uncounted() {
        Set<String> known = new HashSet<>();
        for (String list : List.of("succeeded", "failed")) {
            for (Field uid : status.at("uncountedTerminatedPods", list).items()) {
                if (uid.text().isEmpty()) {
                    uid.invalid("must not be empty");
                } else if (!known.add(uid.text())) {
                    uid.duplicate();
                }
            }
        }
    }

    private void conditions() {
        refuse(
                is("Complete") && is("Failed"),
                "cannot set Complete=True and Failed=true conditions");
        refuse(
                is("Complete") && is("FailureTarget"),
                "cannot set Complete=True and FailureTarget=true conditions");
        refuse(
                is("Failed") && !is("FailureTarget"),
                "cannot set Failed=True condition without the FailureTarget=true condition");
        refuse(
                is("Complete") && !is("SuccessCriteriaMet"),
                "cannot set Complete=True condition without the SuccessCriteriaMet=true"
                        + " condition");
        refuse(
                is("SuccessCriteriaMet") && is("Failed"),
                "cannot set SuccessCriteriaMet=True and Failed=true conditions");
        refuse(
                is("SuccessCriteriaMet") && is("FailureTarget"),
                "cannot set SuccessCriteriaMet=True and FailureTarget=true conditions");
    }

    /** Upstream does not show the conditions. */
    private void refuse(boolean wrong, String detail) {
        if (wrong) {
            status.at("conditions").error(Type.INVALID, "Invalid value: " + detail);
        }
    }

    private void times() {
        Field completion = status.at("completionTime");
        Field start = status.at("startTime");
        if (completion.isSet() && !is("Complete")) {
            completion.invalid(
                    "cannot set completionTime when there is no Complete=True condition");
        } else if (!completion.isSet() && is("Complete")) {
            completion.tellRequired("completionTime is required for Complete jobs");
        }
        if (completion.isSet() && start.isSet() && completion.text().compareTo(start.text()) < 0) {
            completion.invalid("completionTime cannot be set before startTime");
        }
    }

    private void finished() {
        if (!isFinished()) {
            if (status.at("ready").number() > status.at("active").number()) {
                status.at("ready").invalid("cannot set more ready pods than active");
            }
            return;
        }
        if (status.at("active").number() > 0) {
            status.at("active").invalid("active>0 is invalid for finished job");
        }
        if (!status.at("startTime").isSet()) {
            status.at("startTime").tellRequired("startTime is required for finished job");
        }
        Field uncounted = status.at("uncountedTerminatedPods");
        if (uncounted.at("succeeded").isGiven() || uncounted.at("failed").isGiven()) {
            uncounted.invalid("uncountedTerminatedPods needs to be empty for finished job");
        }
        if (status.at("terminating").number() > 0) {
            status.at("terminating").invalid("terminating>0 is invalid for finished job");
        }
    }

    private void indexes() {
        Field spec = job.at("spec");
        Field completed = status.at("completedIndexes");
        Field failed = status.at("failedIndexes");
        long completions = spec.at("completions").number();
        BitSet done = parsed(completed, "completedIndexes", completions);
        BitSet lost = parsed(failed, "failedIndexes", completions);
        if (completed.isGiven() && !spec.at("completionMode").is("Indexed")) {
            completed.invalid(
                    "cannot set non-empty completedIndexes when non-indexed completion mode");
        }
        if (failed.isSet() && !spec.at("backoffLimitPerIndex").isSet()) {
            failed.invalid("cannot set non-null failedIndexes when backoffLimitPerIndex is null");
        }
        if (done.intersects(lost)) {
            done.and(lost);
            failed.invalid(
                    "failedIndexes and completedIndexes overlap at index: " + done.nextSetBit(0));
        }
    }

    private static BitSet parsed(Field indexes, String name, long completions) {
        try {
            return Indexes.parse(indexes.text(), completions);
        } catch (IllegalArgumentException e) {
            indexes.invalid("error parsing " + name + ": " + e.getMessage());
            return new BitSet();
        }
    }

    private void changes() {
        for (String condition : List.of("Failed", "Complete", "FailureTarget")) {
            refuse(
                    is(old, condition) && !is(condition),
                    "cannot disable the terminal " + condition + "=True condition");
        }
        for (String counter : List.of("failed", "succeeded")) {
            if (status.at(counter).number() < old.at(counter).number()) {
                status.at(counter)
                        .invalid(
                                status.at(counter).number(),
                                "cannot decrease the " + counter + " counter");
            }
        }
        Field completion = status.at("completionTime");
        if (completion.isSet()
                && old.at("completionTime").isSet()
                && !completion.same(old.at("completionTime"))) {
            completion.invalid("completionTime cannot be mutated");
        }
        Field start = old.at("startTime");
        if (start.isSet()
                && !start.same(status.at("startTime"))
                && !job.at("spec", "suspend").flag()) {
            status.at("startTime").tellRequired("startTime cannot be removed for unsuspended job");
        }
        refuse(
                is(old, "SuccessCriteriaMet") && !is("SuccessCriteriaMet"),
                "cannot disable the SuccessCriteriaMet=True condition");
    }
}
