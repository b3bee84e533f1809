package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.client.PodAccess.LogOptions;
import io.hypernetes.api.client.PodAccess.LogSource;
import io.hypernetes.server.http.Query;

import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The options of {@code pods/log}, checked as {@code PodLogOptions} are. */
final class LogQuery {
    private static final GroupVersionKind KIND = new GroupVersionKind("", "v1", "PodLogOptions");

    private static final Map<String, LogSource> SOURCES =
            Map.of(
                    "", LogSource.ALL,
                    "All", LogSource.ALL,
                    "Stdout", LogSource.STDOUT,
                    "Stderr", LogSource.STDERR);

    private LogQuery() {}

    /** Throws BadRequest for what cannot be read, Invalid for what makes no sense. */
    static LogOptions parse(Query query, String pod, String container) {
        OptionalLong tail = query.number("tailLines");
        OptionalLong limit = query.number("limitBytes");
        OptionalLong seconds = query.number("sinceSeconds");
        String time = query.get("sinceTime");
        List<FieldError> errors = new ArrayList<>();
        atLeast(errors, "tailLines", tail, 0, "must be greater than or equal to 0");
        atLeast(errors, "limitBytes", limit, 1, "must be greater than 0");
        if (seconds.isPresent() && !time.isEmpty()) {
            errors.add(
                    FieldError.forbidden(
                            "", "at most one of `sinceTime` or `sinceSeconds` may be specified"));
        } else {
            atLeast(errors, "sinceSeconds", seconds, 1, "must be greater than 0");
        }
        LogSource source = source(errors, query.get("stream"), tail.isPresent());
        if (!errors.isEmpty()) {
            throw ApiException.invalid(KIND, pod, errors);
        }
        return new LogOptions(
                container,
                query.flag("follow"),
                query.flag("previous"),
                query.flag("timestamps"),
                tail,
                limit,
                seconds,
                time.isEmpty() ? "" : instant(time),
                source);
    }

    private static LogSource source(List<FieldError> errors, String stream, boolean tail) {
        LogSource source = SOURCES.get(stream);
        if (source == null) {
            errors.add(
                    FieldError.notSupported("stream", stream, List.of("All", "Stderr", "Stdout")));
        }
        if (source != LogSource.ALL && tail) {
            errors.add(
                    FieldError.forbidden(
                            "",
                            "`tailLines` and specific `stream` are mutually exclusive for now"));
        }
        return source == null ? LogSource.ALL : source;
    }

    private static void atLeast(
            List<FieldError> errors, String field, OptionalLong value, long least, String detail) {
        if (value.isPresent() && value.getAsLong() < least) {
            errors.add(FieldError.invalid(field, Long.toString(value.getAsLong()), detail));
        }
    }

    private static String instant(String time) {
        try {
            return OffsetDateTime.parse(time).toInstant().toString();
        } catch (DateTimeParseException e) {
            throw ApiException.badRequest(
                    "sinceTime: parsing time \"" + time + "\" as RFC 3339 failed");
        }
    }
}
