package io.hypernetes.controllers.workload;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Why a job comes to its end.
 *
 * @param failed whether it is a failure
 */
record JobEnding(boolean failed, String reason, String message) {

    /** The condition that says that the end is decided while pods still go. */
    String announcement() {
        return failed ? "FailureTarget" : "SuccessCriteriaMet";
    }

    /** The condition that says that it is over. */
    String last() {
        return failed ? "Failed" : "Complete";
    }

    private static Optional<JobEnding> failure(String reason, String message) {
        return Optional.of(new JobEnding(true, reason, message));
    }

    private static Optional<JobEnding> success(String reason, String message) {
        return Optional.of(new JobEnding(false, reason, message));
    }

    /** In upstream's order: what was decided stays so, failure comes before success. */
    static Optional<JobEnding> of(
            JobSpec spec, JobTracking tracking, Collection<ObjectNode> pods, Instant now) {
        return decided(spec)
                .or(() -> failed(spec, tracking, pods, now))
                .or(() -> failedIndexes(spec, tracking))
                .or(() -> succeededEarly(spec, tracking.completed))
                .or(() -> completed(spec, tracking, pods));
    }

    private static Optional<JobEnding> decided(JobSpec spec) {
        return spec.condition("FailureTarget")
                .map(c -> new JobEnding(true, text(c, "reason"), text(c, "message")))
                .or(() ->
                        spec.condition("SuccessCriteriaMet")
                                .map(c ->
                                        new JobEnding(
                                                false, text(c, "reason"), text(c, "message"))));
    }

    private static String text(ObjectNode condition, String field) {
        return condition.path(field).asString("");
    }

    private static Optional<JobEnding> failed(
            JobSpec spec, JobTracking tracking, Collection<ObjectNode> pods, Instant now) {
        if (tracking.fatal.isPresent()) {
            return failure("PodFailurePolicy", tracking.fatal.get());
        }
        if (tracking.failed() > spec.backoffLimit() || restartedTooOften(spec, pods)) {
            return failure("BackoffLimitExceeded", "Job has reached the specified backoff limit");
        }
        if (untilDeadline(spec, now).filter(left -> !left.isPositive()).isPresent()) {
            return failure("DeadlineExceeded", "Job was active longer than specified deadline");
        }
        return Optional.empty();
    }

    /** Pods that restart in place do not fail: their restarts are counted. */
    private static boolean restartedTooOften(JobSpec spec, Collection<ObjectNode> pods) {
        if (!spec.restartsInPlace()) {
            return false;
        }
        int restarts = pods.stream().filter(PodState::isActive).mapToInt(JobEnding::restarts).sum();
        return spec.backoffLimit() == 0 ? restarts > 0 : restarts >= spec.backoffLimit();
    }

    private static int restarts(ObjectNode pod) {
        int sum = 0;
        for (String list : new String[] {"initContainerStatuses", "containerStatuses"}) {
            for (JsonNode status : pod.path("status").path(list)) {
                sum += status.path("restartCount").asInt(0);
            }
        }
        return sum;
    }

    /** How long the job may still run; empty when there is no limit. */
    static Optional<Duration> untilDeadline(JobSpec spec, Instant now) {
        OptionalInt seconds = spec.number("activeDeadlineSeconds");
        Optional<Instant> start = PodState.instant(spec.job().at("/status/startTime").asString(""));
        return seconds.isEmpty() || start.isEmpty() || spec.suspended()
                ? Optional.empty()
                : Optional.of(Duration.between(now, start.get().plusSeconds(seconds.getAsInt())));
    }

    private static Optional<JobEnding> failedIndexes(JobSpec spec, JobTracking tracking) {
        int failed = tracking.failedIndexes.cardinality();
        OptionalInt most = spec.number("maxFailedIndexes");
        if (most.isPresent() && failed > most.getAsInt()) {
            return failure(
                    "MaxFailedIndexesExceeded",
                    "Job has exceeded the specified maximal number of failed indexes");
        }
        boolean all =
                failed > 0
                        && failed + tracking.completed.cardinality()
                                >= spec.completions().orElse(Integer.MAX_VALUE);
        return all ? failure("FailedIndexes", "Job has failed indexes") : Optional.empty();
    }

    /** KEP-3998. */
    private static Optional<JobEnding> succeededEarly(JobSpec spec, BitSet completed) {
        JsonNode rules = spec.spec().path("successPolicy").path("rules");
        for (int i = 0; i < rules.size(); i++) {
            BitSet wanted = indexes(rules.get(i), spec);
            BitSet met = (BitSet) completed.clone();
            met.and(wanted);
            int needed = rules.get(i).path("succeededCount").asInt(wanted.cardinality());
            if (met.cardinality() >= needed) {
                return success("SuccessPolicy", "Matched rules at index " + i);
            }
        }
        return Optional.empty();
    }

    private static BitSet indexes(JsonNode rule, JobSpec spec) {
        int completions = spec.completions().orElse(0);
        BitSet all = new BitSet();
        all.set(0, completions);
        if (!rule.path("succeededIndexes").isString()) {
            return all;
        }
        try {
            return io.hypernetes.api.types.batch.Indexes.parse(
                    rule.path("succeededIndexes").asString(), completions);
        } catch (IllegalArgumentException _) {
            return all;
        }
    }

    private static Optional<JobEnding> completed(
            JobSpec spec, JobTracking tracking, Collection<ObjectNode> pods) {
        OptionalInt completions = spec.completions();
        boolean done =
                completions.isPresent()
                        ? tracking.succeeded() >= completions.getAsInt()
                        : tracking.succeeded() > 0 && pods.stream().noneMatch(PodState::isActive);
        return done
                ? success("CompletionsReached", "Reached expected number of succeeded pods")
                : Optional.empty();
    }
}
