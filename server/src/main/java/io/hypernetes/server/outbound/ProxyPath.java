package io.hypernetes.server.outbound;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the root of a proxied server is for its client, for links and redirections that would
 * otherwise lead past the proxy.
 *
 * @param prefix the path that all of the server's are below; ends with no slash
 * @param hosts names by which the server may call itself, with their ports
 */
public record ProxyPath(String prefix, Set<String> hosts) {
    private static final Pattern ABSOLUTE =
            Pattern.compile("(?:(?:https?:)?//([^/?#]*))?(/[^\\s]*)?");

    /** What a link becomes that leads to the same server; empty for others, which stay. */
    Optional<String> lead(String link) {
        Matcher url = ABSOLUTE.matcher(link);
        if (!url.matches()) {
            return Optional.empty();
        }
        boolean elsewhere = url.group(1) != null && !hosts.contains(url.group(1));
        String path = url.group(2);
        if (elsewhere || path == null || path.startsWith(prefix)) {
            return Optional.empty();
        }
        return Optional.of(prefix + path);
    }
}
