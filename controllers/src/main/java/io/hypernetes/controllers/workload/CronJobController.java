package io.hypernetes.controllers.workload;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Propagation;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorkloadTypes;
import io.hypernetes.controllerruntime.Controller;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controllerruntime.Reconciler;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Makes jobs when they are due, one for the newest time that was missed, and forgets old ones. The
 * waiting is the work queue's: no timer for a cron job.
 */
final class CronJobController implements Reconciler<ObjectKey>, AutoCloseable {

    private static final int WORKERS = 2;
    private static final String SCHEDULED = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    /** So that the time has come when the key does. */
    private static final Duration AFTERWARDS = Duration.ofMillis(100);

    private final Client client;
    private final Clock clock;
    private final Ownership ownership;
    private final EventRecorder events;
    private final Informer cronJobs;
    private final Informer jobs;
    private final Controller<ObjectKey> controller;

    CronJobController(Client client, WorkloadMirrors mirrors, Clock clock) {
        this.client = client;
        this.clock = clock;
        this.ownership = new Ownership(client, WorkloadTypes.CRON_JOBS, WorkloadTypes.JOBS);
        this.events = new EventRecorder(client, BuiltinTypes.EVENTS, "cronjob-controller", clock);
        this.cronJobs = new Informer(client, WorkloadTypes.CRON_JOBS);
        this.jobs = mirrors.jobs();
        this.controller =
                Controller.of("cronjob", WORKERS, cronJobs, this)
                        .watch(jobs, (key, job) -> ownership.ownerOf(key, job).stream());
    }

    CronJobController start() {
        controller.start();
        return this;
    }

    @Override
    public void close() {
        controller.close();
        cronJobs.close();
    }

    @Override
    public Result reconcile(ObjectKey key) {
        Optional<ObjectNode> found = cronJobs.get(key);
        if (found.isEmpty() || Metadata.isBeingDeleted(found.get())) {
            return DONE;
        }
        ObjectNode cron = found.get();
        List<ObjectNode> mine =
                jobs.objects(key.tenant(), key.namespace()).stream()
                        .filter(job ->
                                Ownership.controllerOf(job)
                                        .filter(o -> o.uid().equals(Metadata.uid(cron)))
                                        .isPresent())
                        .sorted(
                                Comparator.comparing(Metadata::creationTimestamp)
                                        .thenComparing(Metadata::name))
                        .toList();
        forget(key, cron, mine, "Complete", "successfulJobsHistoryLimit", 3);
        forget(key, cron, mine, "Failed", "failedJobsHistoryLimit", 1);
        ObjectNode updated = cron.deepCopy();
        ObjectNode status = updated.withObjectProperty("status");
        count(key, cron, status, mine);
        Optional<Duration> next = schedule(key, cron, status, mine);
        if (!Json.same(cron.path("status"), status)) {
            client.updateStatus(WorkloadTypes.CRON_JOBS, key.tenant(), updated);
        }
        return next.map(after -> Reconciler.again(after.plus(AFTERWARDS))).orElse(DONE);
    }

    private static boolean is(ObjectNode job, String condition) {
        return JobSpec.of(job).condition(condition).isPresent();
    }

    private static boolean hasFinished(ObjectNode job) {
        return JobSpec.of(job).finished().isPresent();
    }

    private void forget(
            ObjectKey key,
            ObjectNode cron,
            List<ObjectNode> mine,
            String condition,
            String limit,
            int usual) {
        List<ObjectNode> finished = mine.stream().filter(job -> is(job, condition)).toList();
        int most = cron.path("spec").path(limit).asInt(usual);
        finished.stream()
                .limit(Math.max(0, finished.size() - most))
                .forEach(job -> delete(key, cron, job));
    }

    /** Those that run, and the last success. */
    private void count(ObjectKey key, ObjectNode cron, ObjectNode status, List<ObjectNode> mine) {
        Set<String> running = new HashSet<>();
        mine.stream()
                .filter(Predicate.not(CronJobController::hasFinished))
                .forEach(job -> running.add(Metadata.uid(job)));
        ArrayNode active = Json.object().putArray("active");
        for (JsonNode reference : cron.path("status").path("active")) {
            String uid = reference.path("uid").asString("");
            if (running.remove(uid)) {
                active.add(reference);
                continue;
            }
            mine.stream()
                    .filter(job -> Metadata.uid(job).equals(uid))
                    .findFirst()
                    .ifPresent(job -> {
                        String how = is(job, "Complete") ? "Complete" : "Failed";
                        String name = Metadata.name(job);
                        tell(
                                key,
                                cron,
                                true,
                                "SawCompletedJob",
                                "Saw completed job: " + name + ", condition: " + how);
                    });
        }
        mine.stream()
                .filter(job -> running.contains(Metadata.uid(job)))
                .forEach(job -> active.add(reference(job)));
        setActive(status, active);
        mine.stream()
                .filter(job -> is(job, "Complete"))
                .map(job -> job.path("status").path("completionTime").asString(""))
                .max(Comparator.naturalOrder())
                .filter(time -> time.compareTo(status.path("lastSuccessfulTime").asString("")) > 0)
                .ifPresent(time -> status.put("lastSuccessfulTime", time));
    }

    private static void setActive(ObjectNode status, ArrayNode active) {
        if (active.isEmpty()) {
            status.remove("active");
        } else {
            status.set("active", active);
        }
    }

    private static ObjectNode reference(ObjectNode job) {
        return Json.object()
                .put("apiVersion", WorkloadTypes.JOBS.apiVersion())
                .put("kind", WorkloadTypes.JOBS.kind())
                .put("namespace", Metadata.namespace(job))
                .put("name", Metadata.name(job))
                .put("uid", Metadata.uid(job))
                .put("resourceVersion", Metadata.resourceVersion(job));
    }

    /** Makes the job that is due; how long until the next is. */
    private Optional<Duration> schedule(
            ObjectKey key, ObjectNode cron, ObjectNode status, List<ObjectNode> mine) {
        JsonNode spec = cron.path("spec");
        if (spec.path("suspend").asBoolean(false)) {
            return Optional.empty();
        }
        CronSchedule schedule;
        ZoneId zone;
        try {
            schedule = CronSchedule.parse(spec.path("schedule").asString(""));
            zone = ZoneId.of(spec.path("timeZone").asString("Z"));
        } catch (IllegalArgumentException | DateTimeException e) {
            tell(
                    key,
                    cron,
                    false,
                    "UnparseableSchedule",
                    "unparseable schedule: " + e.getMessage());
            return Optional.empty();
        }
        ZonedDateTime now = clock.instant().atZone(zone);
        ZonedDateTime from =
                PodState.instant(status.path("lastScheduleTime").asString(""))
                        .or(() -> PodState.instant(Metadata.creationTimestamp(cron)))
                        .map(time -> time.atZone(zone))
                        .orElse(now);
        Optional<ZonedDateTime> due = schedule.last(from, now);
        due.ifPresent(time -> {
            if (isTooLate(spec, time, now.toInstant())) {
                tell(
                        key,
                        cron,
                        false,
                        "MissSchedule",
                        "Missed scheduled time to start a job: "
                                + DateTimeFormatter.RFC_1123_DATE_TIME.format(time));
            } else {
                start(key, cron, status, mine, time);
            }
        });
        ZonedDateTime base = schedule.every().isPresent() ? due.orElse(from) : now;
        return schedule.after(base).map(time -> Duration.between(now, time));
    }

    private static boolean isTooLate(JsonNode spec, ZonedDateTime due, Instant now) {
        JsonNode deadline = spec.path("startingDeadlineSeconds");
        return deadline.isIntegralNumber()
                && due.toInstant().plusSeconds(deadline.asLong()).isBefore(now);
    }

    private void start(
            ObjectKey key,
            ObjectNode cron,
            ObjectNode status,
            List<ObjectNode> mine,
            ZonedDateTime due) {
        String policy = cron.path("spec").path("concurrencyPolicy").asString("Allow");
        List<ObjectNode> running =
                mine.stream()
                        .filter(Predicate.not(CronJobController::hasFinished))
                        .filter(job -> !Metadata.isBeingDeleted(job))
                        .toList();
        if (policy.equals("Forbid") && !running.isEmpty()) {
            tell(
                    key,
                    cron,
                    true,
                    "JobAlreadyActive",
                    "Not starting job because prior execution is running and concurrency policy is"
                            + " Forbid");
            return;
        }
        if (policy.equals("Replace")) {
            running.forEach(job -> delete(key, cron, job));
            setActive(status, Json.object().putArray("active"));
        }
        ObjectNode job = job(cron, due);
        Optional<ObjectNode> made = create(key, cron, job);
        made.ifPresent(created -> {
            ArrayNode active = status.withArrayProperty("active");
            boolean known =
                    active.valueStream()
                            .anyMatch(
                                    r -> r.path("uid").asString("").equals(Metadata.uid(created)));
            if (!known) {
                active.add(reference(created));
            }
        });
        status.put(
                "lastScheduleTime",
                due.withZoneSameInstant(ZoneOffset.UTC)
                        .truncatedTo(ChronoUnit.SECONDS)
                        .format(DateTimeFormatter.ISO_INSTANT));
    }

    /** Its name says for when it is, so that it is made once. */
    private ObjectNode job(ObjectNode cron, ZonedDateTime due) {
        JsonNode template = cron.path("spec").path("jobTemplate");
        ObjectNode job = Json.object();
        ObjectNode metadata = job.putObject("metadata");
        metadata.put("namespace", Metadata.namespace(cron));
        metadata.put("name", Metadata.name(cron) + "-" + due.toEpochSecond() / 60);
        for (String field : List.of("labels", "annotations")) {
            if (template.path("metadata").path(field) instanceof ObjectNode given) {
                metadata.set(field, given.deepCopy());
            }
        }
        Metadata.ensureAnnotations(job)
                .put(SCHEDULED, due.format(DateTimeFormatter.ISO_OFFSET_DATE_TIME));
        metadata.putArray("ownerReferences").add(ownership.reference(cron));
        job.set("spec", template.path("spec").deepCopy());
        return job;
    }

    private Optional<ObjectNode> create(ObjectKey key, ObjectNode cron, ObjectNode job) {
        try {
            ObjectNode created = client.create(WorkloadTypes.JOBS, key.tenant(), job);
            String message = "Created job " + Metadata.name(created);
            tell(key, cron, true, "SuccessfulCreate", message);
            return Optional.of(created);
        } catch (ApiException e) {
            if (e.is(Reason.ALREADY_EXISTS)) {
                ObjectKey there = new ObjectKey(key.tenant(), key.namespace(), Metadata.name(job));
                return client.find(WorkloadTypes.JOBS, there)
                        .filter(known ->
                                Ownership.controllerOf(known)
                                        .filter(o -> o.uid().equals(Metadata.uid(cron)))
                                        .isPresent())
                        .filter(Predicate.not(CronJobController::hasFinished));
            }
            tell(key, cron, false, "FailedCreate", "Error creating job: " + e.status().message());
            throw e;
        }
    }

    private void delete(ObjectKey key, ObjectNode cron, ObjectNode job) {
        ObjectKey jobKey = new ObjectKey(key.tenant(), key.namespace(), Metadata.name(job));
        try {
            client.delete(
                    WorkloadTypes.JOBS,
                    jobKey,
                    DeleteOptions.DEFAULT.onlyUid(Metadata.uid(job)).with(Propagation.BACKGROUND));
            tell(key, cron, true, "SuccessfulDelete", "Deleted job " + jobKey.name());
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }

    private void tell(ObjectKey key, ObjectNode cron, boolean good, String reason, String message) {
        events.record(
                key.tenant(),
                cron,
                good ? EventRecorder.Type.NORMAL : EventRecorder.Type.WARNING,
                reason,
                message);
    }
}
