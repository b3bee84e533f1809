package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;

/**
 * How much of an extent is wanted, and as of when.
 *
 * @param limit 0 for all
 * @param continueToken empty for the first page
 * @param revision 0 for the current state
 * @param exact the state at {@code revision}, not one that is newer
 */
public record ListRequest(int limit, String continueToken, long revision, boolean exact) {
    public static final ListRequest ALL = new ListRequest(0, "", 0, false);

    /** Throws BadRequest when the parameters are none or contradict each other. */
    public static ListRequest of(
            long limit, String continueToken, String resourceVersion, String match) {
        long revision = parseRevision(resourceVersion);
        if (!continueToken.isEmpty() && revision > 0) {
            throw ApiException.badRequest(
                    "specifying resource version is not allowed when using continue");
        }
        boolean exact =
                switch (match) {
                    case "" -> false;
                    case "NotOlderThan" -> false;
                    case "Exact" -> true;
                    default ->
                            throw ApiException.badRequest(
                                    "resourceVersionMatch: Unsupported value: \""
                                            + match
                                            + "\": supported values: \"Exact\", \"NotOlderThan\"");
                };
        if (!match.isEmpty() && resourceVersion.isEmpty()) {
            throw ApiException.badRequest(
                    "resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless"
                            + " resourceVersion is provided");
        }
        if (exact && revision == 0) {
            throw ApiException.badRequest(
                    "resourceVersionMatch: Forbidden: resourceVersionMatch \"exact\" is forbidden"
                            + " for resourceVersion \"0\"");
        }
        if (limit < 0) {
            throw ApiException.badRequest(
                    "limit: Invalid value: " + limit + ": must not be negative");
        }
        return new ListRequest(
                (int) Math.min(limit, Integer.MAX_VALUE), continueToken, revision, exact);
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
                "Invalid value: \""
                        + text
                        + "\": strconv.ParseUint: parsing \""
                        + text
                        + "\": invalid syntax");
    }
}
