package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Upstream's cronjob.go. Nobody waits for the clock: a schedule whose last time is written into the
 * past is due at once, and another schedule is due at another time, so that it makes another job.
 */
final class CronJobIT {
    private static final String MINUTES = "*/1 * * * *";
    private static final String NEW_YEAR = "0 0 1 1 *";

    private static Objects crons(Space space) {
        return space.objects("batch/v1", "cronjobs");
    }

    private static Objects jobs(Space space) {
        return space.objects("batch/v1", "jobs");
    }

    private static void create(Space space, String name, String more) {
        crons(space)
                .create(
                        """
                        apiVersion: batch/v1
                        kind: CronJob
                        metadata: {name: %s}
                        spec:
                          schedule: '%s'
                          jobTemplate:
                            metadata: {labels: {cron: mine}}
                            spec: {template: {spec: {restartPolicy: OnFailure, containers: [{name: c, image: i}]}}}
                        %s
                        """
                                .formatted(name, NEW_YEAR, more.indent(2)));
    }

    /** It is due: of what was due in the time since, the last counts. */
    private static void isDue(Space space, String name, String schedule) {
        crons(space).merge(name, "{spec: {schedule: '%s'}}".formatted(schedule));
        Instant past =
                Instant.now().truncatedTo(ChronoUnit.SECONDS).minus(Duration.ofDays(2 * 366));
        crons(space).merge(name, "{status: {lastScheduleTime: '%s'}}".formatted(past), "status");
    }

    private static List<ObjectNode> awaitJobs(Space space, int count) {
        jobs(space).awaitCount(count);
        return jobs(space).list();
    }

    private static void awaitActive(Space space, int count) {
        crons(space).await("cron", cron -> cron.path("status").path("active").size() == count);
    }

    @Upstream("[sig-apps] CronJob should schedule multiple jobs concurrently [Conformance]")
    @InWorlds
    void jobsRunBesideEachOther(Space space) {
        create(space, "cron", "concurrencyPolicy: Allow");
        isDue(space, "cron", NEW_YEAR);
        ObjectNode job = awaitJobs(space, 1).getFirst();
        assertThat(Metadata.label(job, "cron")).isEqualTo("mine");
        assertThat(Metadata.annotation(job, "batch.kubernetes.io/cronjob-scheduled-timestamp"))
                .contains("-01-01T00:00:00");
        isDue(space, "cron", MINUTES);
        awaitJobs(space, 2);
        awaitActive(space, 2);
    }

    @Upstream(
            "[sig-apps] CronJob should not schedule new jobs when ForbidConcurrent [Slow]"
                    + " [Conformance]")
    @InWorlds
    void oneMayForbidAnother(Space space) {
        create(space, "cron", "concurrencyPolicy: Forbid");
        isDue(space, "cron", NEW_YEAR);
        String first = Metadata.name(awaitJobs(space, 1).getFirst());
        awaitActive(space, 1);
        isDue(space, "cron", MINUTES);
        space.objects("v1", "events")
                .awaitSome(Objects.query("fieldSelector", "reason=JobAlreadyActive"));
        assertThat(jobs(space).names()).containsExactly(first);
    }

    @Upstream("[sig-apps] CronJob should replace jobs when ReplaceConcurrent [Conformance]")
    @InWorlds
    void oneMayReplaceAnother(Space space) {
        create(space, "cron", "concurrencyPolicy: Replace");
        isDue(space, "cron", NEW_YEAR);
        String first = Metadata.name(awaitJobs(space, 1).getFirst());
        isDue(space, "cron", MINUTES);
        jobs(space).awaitGone(first);
        awaitJobs(space, 1);
        awaitActive(space, 1);
    }

    @Upstream("[sig-apps] CronJob should not schedule jobs when suspended [Slow] [Conformance]")
    @InWorlds
    void whatIsSuspendedMakesNone(Space space) {
        create(space, "cron", "suspend: true");
        create(space, "other", "suspend: false");
        isDue(space, "cron", MINUTES);
        isDue(space, "other", MINUTES);
        assertThat(Metadata.name(awaitJobs(space, 1).getFirst())).startsWith("other-");
        crons(space).merge("cron", "{spec: {suspend: false}}");
        awaitJobs(space, 2);
    }
}
