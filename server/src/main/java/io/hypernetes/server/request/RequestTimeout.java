package io.hypernetes.server.request;

import io.hypernetes.api.ApiException;
import io.hypernetes.server.http.Query;

import java.util.regex.Pattern;

/**
 * The parameter {@code timeout} of a request: how long the client is going to wait. Nothing here
 * takes that long, but a duration that cannot be read is refused, in Go's words.
 */
public final class RequestTimeout {
    private static final String PARAMETER = "timeout";
    private static final Pattern DURATION =
            Pattern.compile("[+-]?(0|(([0-9]+([.][0-9]*)?|[.][0-9]+)(ns|us|µs|μs|ms|s|m|h))+)");
    private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)");

    private RequestTimeout() {}

    /** Throws BadRequest. */
    public static void check(Query query) {
        String text = query.get(PARAMETER);
        if (text.isEmpty() || text.length() < 64 && DURATION.matcher(text).matches()) {
            return;
        }
        boolean noUnit = text.length() < 64 && NUMBER.matcher(text).matches();
        throw ApiException.badRequest(
                "invalid timeout specified in the request URL - time: "
                        + (noUnit ? "missing unit in" : "invalid")
                        + " duration \""
                        + text
                        + "\"");
    }
}
