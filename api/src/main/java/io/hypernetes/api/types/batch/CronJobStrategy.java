package io.hypernetes.api.types.batch;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.core.PodWarnings;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;
import java.time.ZoneId;
import java.util.List;
import java.util.regex.Pattern;

/** CronJobs. */
public final class CronJobStrategy extends KindStrategy {

    /** What the controller appends to make a job's name leaves as much of a label. */
    private static final int MAX_NAME = 52;

    /** A component of a zone's name in the IANA database. */
    private static final Pattern ZONE_PART = Pattern.compile("[A-Za-z0-9._+][A-Za-z0-9._+-]{0,13}");

    public CronJobStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode job) {
        ObjectNode spec = Trees.child(job, "spec");
        Trees.setDefault(spec, "concurrencyPolicy", "Allow");
        Trees.setDefault(spec, "suspend", false);
        Trees.setDefault(spec, "successfulJobsHistoryLimit", 3);
        Trees.setDefault(spec, "failedJobsHistoryLimit", 1);
        ObjectNode template = Trees.child(spec, "jobTemplate");
        Trees.child(template, "metadata");
        JobDefaults.common(Trees.child(template, "spec"));
    }

    @Override
    public void prepareForCreate(ObjectNode job) {
        job.putObject("status");
    }

    @Override
    protected void rules(Field job) {
        Field spec = job.at("spec");
        Field schedule = spec.at("schedule");
        if (!schedule.isGiven()) {
            schedule.tellRequired("");
        } else {
            Schedules.check(schedule.text()).ifPresent(schedule::invalid);
            if (schedule.text().contains("TZ")) {
                schedule.invalid(
                        "cannot use TZ or CRON_TZ in schedule, use timeZone field instead");
            }
        }
        spec.at("startingDeadlineSeconds").ifSet().notNegative();
        timeZone(spec.at("timeZone"));
        spec.at("concurrencyPolicy").required().oneOf("Allow", "Forbid", "Replace");
        template(spec.at("jobTemplate", "spec"));
        spec.at("successfulJobsHistoryLimit").ifSet().notNegative();
        spec.at("failedJobsHistoryLimit").ifSet().notNegative();
    }

    private static void template(Field spec) {
        JobRules.spec(spec);
        if (spec.at("selector").isSet()) {
            spec.at("selector").invalid("`selector` will be auto-generated");
        }
        if (spec.at("manualSelector").flag()) {
            spec.at("manualSelector")
                    .error(
                            io.hypernetes.api.FieldError.Type.NOT_SUPPORTED,
                            "Unsupported value: true: supported values: \"nil\", \"false\"");
        }
    }

    private static void timeZone(Field zone) {
        String name = zone.text();
        if (!zone.isSet()) {
            return;
        }
        if (name.isEmpty()) {
            zone.invalid("timeZone must be nil or non-empty string");
            return;
        }
        for (String part : name.split("/", -1)) {
            if (part.equals(".") || part.equals("..") || !ZONE_PART.matcher(part).matches()) {
                zone.invalid("unknown time zone " + name);
                return;
            }
        }
        if (name.equalsIgnoreCase("Local")) {
            zone.invalid(
                    "timeZone must be an explicit time zone as defined in"
                            + " https://www.iana.org/time-zones");
            return;
        }
        try {
            ZoneId.of(name);
        } catch (DateTimeException e) {
            zone.invalid("unknown time zone " + name);
        }
    }

    @Override
    protected void createRules(Field job) {
        Field name = job.at("metadata", "name");
        if (name.text().length() > MAX_NAME) {
            name.invalid("must be no more than " + MAX_NAME + " characters");
        }
    }

    @Override
    public List<String> warningsOnCreate(ObjectNode job) {
        return PodWarnings.of(
                Field.root(job, new Errors()).at("spec", "jobTemplate", "spec", "template"));
    }
}
