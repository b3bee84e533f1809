package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;

import java.util.List;

/**
 * Rules for events of both groups, told by the names that the core group's fields have: upstream
 * checks one form of both.
 */
final class EventRules {

    private static final int MAX_TEXT = 128;
    private static final int MAX_NOTE = 1024;

    private EventRules() {}

    /** What holds in either group; an event with a time of its own is of the newer form. */
    static void check(Field event, Field about) {
        String own = event.at("metadata", "namespace").text();
        Field namespace = about.at("namespace");
        boolean newer = event.at("eventTime").isGiven();
        boolean agrees =
                namespace.isGiven()
                        ? newer || namespace.is(own)
                        : own.isEmpty()
                                || own.equals("default")
                                || (newer && own.equals("kube-system"));
        if (!agrees) {
            namespace.invalid(namespace.text(), "does not match event.namespace");
        }
        if (newer) {
            newer(event);
        }
    }

    private static void newer(Field event) {
        Field controller = either(event, "reportingController", "reportingComponent");
        controller.required();
        controller.form(Names::qualifiedName);
        text(event.at("reportingInstance"), true, MAX_TEXT);
        text(event.at("action"), true, MAX_TEXT);
        text(event.at("reason"), true, MAX_TEXT);
        text(either(event, "message", "note"), false, MAX_NOTE);
    }

    /** The first name is what is told; the value is that of the field which is there. */
    private static Field either(Field event, String told, String other) {
        return event.at(told).isSet()
                ? event.at(told)
                : event.at(told).with(event.at(other).value());
    }

    private static void text(Field text, boolean required, int most) {
        if (required) {
            text.required();
        }
        if (text.text().length() > most) {
            text.invalid("", "can have at most " + most + " characters");
        }
    }

    /** What events.k8s.io/v1 asks of a new event beyond that. */
    static void strict(Field event) {
        series(event.at("series"));
        event.at("eventTime").required();
        Field type = event.at("type");
        if (!List.of("Normal", "Warning").contains(type.text())) {
            type.invalid("", "has invalid value: " + type.text());
        }
        unset(event.at("deprecatedFirstTimestamp").named("firstTimestamp"));
        unset(event.at("deprecatedLastTimestamp").named("lastTimestamp"));
        if (event.at("deprecatedCount").number() != 0) {
            unset(event.at("deprecatedCount").named("count"));
        }
        unset(event.at("deprecatedSource").named("source"));
    }

    private static void unset(Field field) {
        if (field.isGiven()) {
            field.invalid("", "needs to be unset");
        }
    }

    private static void series(Field series) {
        if (!series.isSet()) {
            return;
        }
        if (series.at("count").number() < 2) {
            series.at("count").invalid("", "should be at least 2");
        }
        series.at("lastObservedTime").required();
    }

    /** Of an event of events.k8s.io/v1 nothing changes but its series. */
    static void changes(Field event, Field old) {
        if (!event.at("series").same(old.at("series"))) {
            series(event.at("series"));
        }
        String[][] fields = {
            {"regarding", "involvedObject"},
            {"reason", "reason"},
            {"note", "message"},
            {"deprecatedSource", "source"},
            {"deprecatedFirstTimestamp", "firstTimestamp"},
            {"deprecatedLastTimestamp", "lastTimestamp"},
            {"deprecatedCount", "count"},
            {"type", "type"},
            {"eventTime", "eventTime"},
            {"action", "action"},
            {"related", "related"},
            {"reportingController", "reportingController"},
            {"reportingInstance", "reportingInstance"}
        };
        for (String[] field : fields) {
            event.at(field[0]).named(field[1]).immutable(old.at(field[0]));
        }
    }
}
