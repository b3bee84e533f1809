package io.hypernetes.api.types.batch;

import io.hypernetes.api.Column;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.core.PodTemplates;
import io.hypernetes.api.types.kind.Ages;
import io.hypernetes.api.types.kind.Columns;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.stream.Stream;

/** What {@code kubectl get} shows of jobs and cron jobs. */
public final class BatchColumns {

    public static final List<Column> JOB =
            Stream.of(
                            List.of(
                                    Column.of("Status", BatchColumns::status),
                                    Column.of("Completions", BatchColumns::completions),
                                    Column.of("Duration", BatchColumns::duration),
                                    Columns.age()),
                            PodTemplates.columns("spec", "template"),
                            List.of(PodTemplates.selectorColumn("spec", "selector")))
                    .flatMap(List::stream)
                    .toList();

    public static final List<Column> CRON_JOB =
            Stream.of(
                            List.of(
                                    Columns.text("Schedule", "spec", "schedule"),
                                    Column.of("Timezone", BatchColumns::timeZone),
                                    new Column(
                                            "Suspend",
                                            "boolean",
                                            "",
                                            "",
                                            0,
                                            BatchColumns::suspended),
                                    Columns.integer(
                                            "Active",
                                            o -> Columns.size(Trees.at(o, "status", "active"))),
                                    Column.of("Last Schedule", BatchColumns::lastSchedule),
                                    Columns.age()),
                            PodTemplates.columns("spec", "jobTemplate", "spec", "template"),
                            List.of(
                                    PodTemplates.selectorColumn(
                                            "spec", "jobTemplate", "spec", "selector")))
                    .flatMap(List::stream)
                    .toList();

    private BatchColumns() {}

    private static String status(ObjectNode job) {
        for (String condition : List.of("Complete", "Failed")) {
            if (is(job, condition)) {
                return condition;
            }
        }
        if (Metadata.isBeingDeleted(job)) {
            return "Terminating";
        }
        for (String condition : List.of("Suspended", "FailureTarget", "SuccessCriteriaMet")) {
            if (is(job, condition)) {
                return condition;
            }
        }
        return "Running";
    }

    private static boolean is(ObjectNode job, String condition) {
        return Trees.objects(Trees.at(job, "status", "conditions")).stream()
                .anyMatch(c ->
                        Trees.text(c, "type").equals(condition)
                                && Trees.text(c, "status").equals("True"));
    }

    private static String completions(ObjectNode job) {
        long done = Trees.at(job, "status", "succeeded").asLong(0);
        if (Trees.has(job, "spec", "completions")) {
            return done + "/" + Trees.at(job, "spec", "completions").asLong(0);
        }
        long parallelism = Trees.at(job, "spec", "parallelism").asLong(0);
        return parallelism > 1 ? done + "/1 of " + parallelism : done + "/1";
    }

    private static String duration(ObjectNode job) {
        String start = Trees.text(job, "status", "startTime");
        String end = Trees.text(job, "status", "completionTime");
        if (start.isEmpty()) {
            return "";
        }
        try {
            Instant until = end.isEmpty() ? Instant.now() : Instant.parse(end);
            return Ages.text(Duration.between(Instant.parse(start), until));
        } catch (DateTimeParseException e) {
            return "";
        }
    }

    /** A text under a type that says it is none, as upstream's. */
    private static String suspended(ObjectNode job) {
        if (!Trees.has(job, "spec", "suspend")) {
            return "<unset>";
        }
        return Trees.at(job, "spec", "suspend").asBoolean(false) ? "True" : "False";
    }

    private static String timeZone(ObjectNode job) {
        return Columns.orNone(Trees.text(job, "spec", "timeZone"));
    }

    private static String lastSchedule(ObjectNode job) {
        String time = Trees.text(job, "status", "lastScheduleTime");
        return time.isEmpty() ? "<none>" : Ages.since(time);
    }
}
