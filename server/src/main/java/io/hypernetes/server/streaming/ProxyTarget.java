package io.hypernetes.server.streaming;

import io.hypernetes.api.ApiException;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a proxy request is for.
 *
 * @param tls whether the name began with {@code https:}
 * @param name of the pod, service or node
 * @param port number or name, empty when the request does not say
 * @param prefix the request's path up to and with {@code /proxy}
 * @param path the rest as it came, with its slash; empty when there is none
 */
record ProxyTarget(boolean tls, String name, String port, String prefix, String path) {
    private static final Pattern PATH =
            Pattern.compile(
                    "((?:/tenants/[^/]+)?/api/v1/(?:namespaces/[^/]+/)?"
                            + "(?:pods|services|nodes)/[^/]+/proxy)(/.*)?");

    /**
     * @param rawPath of the request, its percent-encoding included
     * @param name the object's as the path gives it: {@code [SCHEME:]NAME[:PORT]}
     * @return empty when the path is not that of a proxy
     */
    static Optional<ProxyTarget> parse(String rawPath, String name) {
        Matcher path = PATH.matcher(rawPath);
        if (!path.matches()) {
            return Optional.empty();
        }
        String rest = path.group(2) == null ? "" : path.group(2);
        String[] parts = name.split(":", -1);
        boolean scheme = parts.length == 3;
        if (parts.length > 3
                || (scheme && !parts[0].isEmpty() && !parts[0].matches("https?"))
                || parts[scheme ? 1 : 0].isEmpty()) {
            throw ApiException.badRequest("invalid proxy request \"" + name + "\"");
        }
        String port = parts.length == 1 ? "" : parts[parts.length - 1];
        return Optional.of(
                new ProxyTarget(
                        scheme && parts[0].equals("https"),
                        parts[scheme ? 1 : 0],
                        port,
                        path.group(1),
                        rest));
    }
}
