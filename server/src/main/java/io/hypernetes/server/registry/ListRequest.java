package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.server.http.Query;

import java.util.ArrayList;
import java.util.List;

/**
 * How much of an extent is wanted, and as of when.
 *
 * @param limit 0 for all
 * @param continueToken empty for the first page
 * @param revision 0 for the current state
 * @param exact the state at {@code revision}, not one that is newer
 * @param anyState whatever is here will do: version "0"
 */
public record ListRequest(
        int limit, String continueToken, long revision, boolean exact, boolean anyState) {
    private static final String MATCH = "resourceVersionMatch";

    public static final ListRequest ALL = new ListRequest(0, "", 0, false, false);

    /** Throws BadRequest or Invalid when the parameters are none or contradict each other. */
    public static ListRequest of(
            long limit, String continueToken, String resourceVersion, String match) {
        checkMatch(continueToken, resourceVersion, match);
        long revision = parseRevision(resourceVersion);
        if (!continueToken.isEmpty() && revision > 0) {
            throw ApiException.badRequest(
                    "specifying resource version is not allowed when using continue");
        }
        boolean exact =
                match.equals("Exact")
                        // As upstream: who asks for a part of a given state means that state.
                        || (match.isEmpty() && limit > 0 && revision > 0);
        if (limit < 0) {
            throw ApiException.badRequest(
                    "limit: Invalid value: " + limit + ": must not be negative");
        }
        return new ListRequest(
                (int) Math.min(limit, Integer.MAX_VALUE),
                continueToken,
                revision,
                exact,
                resourceVersion.equals("0"));
    }

    private static void checkMatch(String continueToken, String resourceVersion, String match) {
        if (match.isEmpty()) {
            return;
        }
        List<FieldError> errors = new ArrayList<>();
        if (resourceVersion.isEmpty()) {
            errors.add(
                    FieldError.forbidden(
                            MATCH,
                            "resourceVersionMatch is forbidden unless resourceVersion is"
                                    + " provided"));
        }
        if (!continueToken.isEmpty()) {
            errors.add(
                    FieldError.forbidden(
                            MATCH, "resourceVersionMatch is forbidden when continue is provided"));
        }
        if (!match.equals("Exact") && !match.equals("NotOlderThan")) {
            errors.add(FieldError.notSupported(MATCH, match, List.of("Exact", "NotOlderThan", "")));
        }
        if (match.equals("Exact") && resourceVersion.equals("0")) {
            errors.add(
                    FieldError.forbidden(
                            MATCH,
                            "resourceVersionMatch \"exact\" is forbidden for resourceVersion"
                                    + " \"0\""));
        }
        refuse(errors);
    }

    /** The rules of a watch's parameters. Throws Invalid. */
    public static void checkWatch(Query query) {
        String match = query.get("resourceVersionMatch");
        boolean initial = query.has("sendInitialEvents");
        boolean notOlder = match.equals("NotOlderThan");
        List<FieldError> errors = new ArrayList<>();
        if (initial && !notOlder) {
            errors.add(
                    FieldError.forbidden(
                            MATCH,
                            "sendInitialEvents requires setting resourceVersionMatch to"
                                    + " NotOlderThan"));
        }
        if (!match.isEmpty() && !initial) {
            errors.add(
                    FieldError.forbidden(
                            MATCH,
                            "resourceVersionMatch is forbidden for watch unless sendInitialEvents"
                                    + " is provided"));
        }
        if (!match.isEmpty() && !notOlder) {
            errors.add(FieldError.notSupported(MATCH, match, List.of("NotOlderThan")));
        }
        if (!match.isEmpty() && query.has("continue")) {
            errors.add(
                    FieldError.forbidden(
                            MATCH, "resourceVersionMatch is forbidden when continue is provided"));
        }
        refuse(errors);
    }

    public static ApiException initialEventsOfList() {
        return invalid(
                List.of(
                        FieldError.forbidden(
                                "sendInitialEvents", "sendInitialEvents is forbidden for list")));
    }

    private static ApiException invalid(List<FieldError> errors) {
        return ApiException.invalid(
                new GroupVersionKind("meta.k8s.io", "v1", "ListOptions"), "", errors);
    }

    private static void refuse(List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw invalid(errors);
        }
    }

    /** 0 for the empty text and for "0". Throws BadRequest. */
    public static long parseRevision(String text) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            long revision = Long.parseLong(text);
            if (revision >= 0) {
                return revision;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw ApiException.badRequest(
                "invalid resource version: resourceVersion: Invalid value: \""
                        + text
                        + "\": strconv.ParseUint: parsing \""
                        + text
                        + "\": invalid syntax");
    }
}
