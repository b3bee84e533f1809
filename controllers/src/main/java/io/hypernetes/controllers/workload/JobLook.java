package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;
import io.hypernetes.controllers.workload.JobPlan.Place;
import io.hypernetes.controllers.workload.JobPlan.Told;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** From a job and its pods to what is to be done. Pure; one look's own. */
final class JobLook {
    private final JobSpec spec;
    private final List<ObjectNode> pods;
    private final Instant now;
    private final JobTracking tracking;
    private final List<ObjectNode> active;
    private final long terminating;
    private final ObjectNode status;
    private final List<ObjectNode> deleted = new ArrayList<>();
    private final List<Place> created = new ArrayList<>();
    private final List<Told> told = new ArrayList<>();
    private final NextLook next = new NextLook();

    private JobLook(ObjectNode job, Collection<ObjectNode> pods, Instant now) {
        this.spec = JobSpec.of(job);
        this.pods = List.copyOf(pods);
        this.now = now;
        this.status = job.withObjectProperty("status");
        this.tracking = new JobTracking(spec, pods);
        this.active = pods.stream().filter(PodState::isActive).toList();
        this.terminating = pods.stream().filter(JobSpec::isTerminating).count();
    }

    /**
     * @param job the caller's own copy: its status becomes the one to be written
     * @param pods that the job controls
     */
    static JobPlan at(ObjectNode job, Collection<ObjectNode> pods, Instant now) {
        return new JobLook(job, pods, now).plan();
    }

    private JobPlan plan() {
        suspension();
        Optional<JobEnding> ending = JobEnding.of(spec, tracking, pods, now);
        if (ending.isPresent()) {
            end(ending.get());
        } else if (spec.suspended()) {
            deleted.addAll(active);
        } else {
            fill();
            JobEnding.untilDeadline(spec, now).ifPresent(next::after);
        }
        boolean over = ending.isPresent() && isEmpty();
        count(over);
        ending.filter(_ -> over).ifPresent(this::finish);
        boolean failing = ending.filter(JobEnding::failed).isPresent();
        return new JobPlan(status, tracking.ended, deleted, failing, created, told, next.soonest());
    }

    private boolean isEmpty() {
        return active.isEmpty()
                && terminating == 0
                && tracking.isSettled()
                && tracking.ended.isEmpty();
    }

    /** A job that is resumed begins anew, but for what is done. */
    private void suspension() {
        boolean was = spec.condition("Suspended").isPresent();
        if (spec.suspended()) {
            status.remove("startTime");
            if (!was) {
                condition("Suspended", true, "JobSuspended", "Job suspended");
                told.add(new Told(true, "Suspended", "Job suspended"));
            }
            return;
        }
        if (was) {
            condition("Suspended", false, "JobResumed", "Job resumed");
            told.add(new Told(true, "Resumed", "Job resumed"));
        }
        if (!status.has("startTime")) {
            status.put("startTime", time());
        }
    }

    private void end(JobEnding ending) {
        deleted.addAll(active);
        if (spec.condition(ending.announcement()).isEmpty()) {
            condition(ending.announcement(), true, ending.reason(), ending.message());
        }
    }

    private void finish(JobEnding ending) {
        condition(ending.last(), true, ending.reason(), ending.message());
        if (ending.failed()) {
            told.add(new Told(false, ending.reason(), ending.message()));
        } else {
            status.put("completionTime", time());
            told.add(new Told(true, "Completed", "Job completed"));
        }
    }

    private String time() {
        return now.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    private void condition(String type, boolean holds, String reason, String message) {
        ArrayNode conditions = status.withArrayProperty("conditions");
        for (int i = conditions.size() - 1; i >= 0; i--) {
            if (conditions.get(i).path("type").asString("").equals(type)) {
                conditions.remove(i);
            }
        }
        conditions
                .addObject()
                .put("type", type)
                .put("status", holds ? "True" : "False")
                .put("lastProbeTime", time())
                .put("lastTransitionTime", time())
                .put("reason", reason)
                .put("message", message);
    }

    private void count(boolean over) {
        tracking.write(status);
        long ready = active.stream().filter(PodState::isReady).count();
        JobTracking.put(status, "active", over ? 0 : active.size());
        status.put("ready", over ? 0 : ready);
        status.put("terminating", over ? 0 : terminating);
    }

    // Which pods are missing, and which are too many.

    private void fill() {
        List<ObjectNode> extra = spec.indexed() ? duplicates() : List.of();
        int running = active.size() - extra.size();
        int wanted = wanted(running);
        deleted.addAll(extra);
        if (running > wanted) {
            active.stream()
                    .filter(pod -> !extra.contains(pod))
                    .sorted(
                            Comparator.comparing(PodState::isReady)
                                    .thenComparing(
                                            Metadata::creationTimestamp, Comparator.reverseOrder()))
                    .limit(running - wanted)
                    .forEach(deleted::add);
            return;
        }
        long waitedFor = spec.replacesEndedOnly() ? terminating : 0;
        int missing = (int) Math.min(Burst.MOST, wanted - running - waitedFor);
        if (missing > 0) {
            create(missing);
        }
    }

    private int wanted(int running) {
        if (spec.completions().isEmpty()) {
            // The others still run when the first has succeeded, but none is made.
            return tracking.succeeded() > 0 ? running : spec.parallelism();
        }
        long left =
                spec.completions().getAsInt()
                        - tracking.succeeded()
                        - tracking.failedIndexes.cardinality();
        return (int) Math.max(0, Math.min(spec.parallelism(), left));
    }

    private List<ObjectNode> duplicates() {
        BitSet seen = new BitSet();
        List<ObjectNode> extra = new ArrayList<>();
        for (ObjectNode pod : active) {
            int index = spec.index(pod);
            if (index < 0 || seen.get(index) || tracking.completed.get(index)) {
                extra.add(pod);
            } else {
                seen.set(index);
            }
        }
        return extra;
    }

    private void create(int missing) {
        if (!spec.indexed()) {
            Duration wait = JobBackoff.left(pods, now);
            if (wait.isPositive()) {
                next.after(wait);
            } else {
                for (int i = 0; i < missing; i++) {
                    created.add(new Place(-1, 0));
                }
            }
            return;
        }
        BitSet taken = (BitSet) tracking.completed.clone();
        taken.or(tracking.failedIndexes);
        for (ObjectNode pod : pods) {
            boolean there =
                    PodState.isActive(pod)
                            || (spec.replacesEndedOnly() && JobSpec.isTerminating(pod));
            if (there && spec.index(pod) >= 0) {
                taken.set(spec.index(pod));
            }
        }
        boolean perIndex = spec.backoffLimitPerIndex().isPresent();
        Duration wait = perIndex ? Duration.ZERO : JobBackoff.left(pods, now);
        if (wait.isPositive()) {
            next.after(wait);
            return;
        }
        int completions = spec.completions().orElse(0);
        for (int i = taken.nextClearBit(0);
                i < completions && created.size() < missing;
                i = taken.nextClearBit(i + 1)) {
            place(i, perIndex);
        }
    }

    private void place(int index, boolean perIndex) {
        List<ObjectNode> ofIndex = pods.stream().filter(pod -> spec.index(pod) == index).toList();
        Duration wait = perIndex ? JobBackoff.left(ofIndex, now) : Duration.ZERO;
        if (wait.isPositive()) {
            next.after(wait);
            return;
        }
        int failures =
                ofIndex.stream()
                        .filter(spec::hasFailed)
                        .filter(pod ->
                                JobFailurePolicy.of(spec, pod).action()
                                        != JobFailurePolicy.Action.IGNORE)
                        .mapToInt(pod -> JobSpec.earlierFailures(pod) + 1)
                        .max()
                        .orElse(0);
        created.add(new Place(index, failures));
    }

    /** How long a finished job is kept; empty for ever. */
    static Optional<Duration> untilForgotten(JobSpec spec, JsonNode last, Instant now) {
        JsonNode seconds = spec.spec().path("ttlSecondsAfterFinished");
        return seconds.isIntegralNumber()
                ? PodState.instant(last.path("lastTransitionTime").asString(""))
                        .map(end -> Duration.between(now, end.plusSeconds(seconds.asLong())))
                : Optional.empty();
    }
}
