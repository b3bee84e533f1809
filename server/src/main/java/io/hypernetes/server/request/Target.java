package io.hypernetes.server.request;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A request's path: whose world it names, and what in it.
 *
 * @param world what the prefix {@code /tenants/NAME} says
 * @param segments of the rest, decoded
 */
public record Target(World world, List<String> segments) {
    private static final String TENANTS = "tenants";

    /** Whose world a path names. */
    public sealed interface World {
        /** No prefix: the credentials say. */
        record Unnamed() implements World {}

        record Named(Tenant tenant) implements World {}

        /** {@code /tenants/*}: all of them at once. */
        record Every() implements World {}
    }

    /** Throws BadRequest for a path that could mean two things, NotFound for no tenant's name. */
    public static Target parse(String path) {
        List<String> segments = split(path);
        if (segments.size() < 2 || !segments.getFirst().equals(TENANTS)) {
            return new Target(new World.Unnamed(), segments);
        }
        List<String> rest = segments.subList(2, segments.size());
        String name = segments.get(1);
        if (name.equals("*")) {
            return new Target(new World.Every(), rest);
        }
        try {
            return new Target(new World.Named(new Tenant(name)), rest);
        } catch (IllegalArgumentException e) {
            throw ApiException.of(
                    Reason.NOT_FOUND, "the server could not find the requested resource");
        }
    }

    /** The tenant that a path names; a path that {@link #parse} refuses names none. */
    public static Optional<Tenant> named(String path) {
        if (!path.contains(TENANTS)) {
            return Optional.empty();
        }
        try {
            return parse(path).world() instanceof World.Named(Tenant tenant)
                    ? Optional.of(tenant)
                    : Optional.empty();
        } catch (ApiException _) {
            return Optional.empty();
        }
    }

    /** The rest of the path, with its slash. */
    public String path() {
        return segments.stream().collect(Collectors.joining("/", "/", ""));
    }

    private static List<String> split(String path) {
        List<String> segments = new ArrayList<>();
        boolean proxied = false;
        boolean hole = false;
        for (String raw : Arrays.asList(path.split("/", -1))) {
            if (raw.isEmpty()) {
                // Before all words, and after them, a slash more says nothing.
                hole = segments.contains("api") || segments.contains("apis");
                continue;
            }
            if (hole && !proxied) {
                throw ApiException.of(
                        Reason.NOT_FOUND, "the server could not find the requested resource");
            }
            if (proxied) {
                // Another server's path: it is passed on as it came, never taken apart.
                segments.add(raw);
                continue;
            }
            proxied = raw.equals("proxy") && segments.contains("api");
            String segment = decode(raw);
            // A name with a slash or a dot segment would be another object's path.
            if (segment.equals(".") || segment.equals("..") || segment.indexOf('/') >= 0) {
                throw ApiException.badRequest("the path has a segment that is no name");
            }
            segments.add(segment);
        }
        return segments;
    }

    private static String decode(String raw) {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        try {
            // Only percent-encoding: in a path, '+' is a plus.
            return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw ApiException.badRequest("invalid URL escape in the path");
        }
    }
}
