package io.hypernetes.node;

import io.hypernetes.cri.guest.v1.HttpGet;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Where an answer sends a probe. */
final class HttpRedirect {
    private static final Set<Integer> STATUSES = Set.of(301, 302, 303, 307, 308);
    private static final int HTTP = 80;
    private static final int HTTPS = 443;

    private HttpRedirect() {}

    /** Whether an answer is none of its own. */
    static boolean isOne(int status) {
        return status >= 300 && status < 400;
    }

    /** Whether such an answer says where to go on. */
    static boolean leads(int status) {
        return STATUSES.contains(status);
    }

    /**
     * The next request; empty when it would leave the pod, which a probe never does.
     *
     * @param url of the request that was answered
     * @throws URISyntaxException for a place that is none
     */
    static Optional<HttpGet> follow(HttpGet get, String url, String location)
            throws URISyntaxException {
        URI from = new URI(url);
        URI to = from.resolve(new URI(location));
        String scheme = String.valueOf(to.getScheme()).toLowerCase(Locale.ROOT);
        boolean spoken = scheme.equals("http") || scheme.equals("https");
        if (!spoken || !from.getHost().equalsIgnoreCase(to.getHost())) {
            return Optional.empty();
        }
        int usual = scheme.equals("http") ? HTTP : HTTPS;
        String path = to.getRawPath().isEmpty() ? "/" : to.getRawPath();
        return Optional.of(
                get.toBuilder()
                        .setScheme(scheme)
                        .setPort(to.getPort() < 0 ? usual : to.getPort())
                        .setPath(to.getRawQuery() == null ? path : path + "?" + to.getRawQuery())
                        .build());
    }
}
