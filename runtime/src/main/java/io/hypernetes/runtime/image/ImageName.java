package io.hypernetes.runtime.image;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A complete image name. People write short ones: {@code hello} is {@code
 * docker.io/library/hello:latest}, {@code me/hello} is {@code docker.io/me/hello:latest}; a first
 * part with a dot or a colon, or {@code localhost}, is a registry.
 *
 * @param registry host, with a port if there is one
 * @param repository path in the registry
 * @param tag empty only when there is a digest
 * @param digest of the manifest or index; it decides when both are given
 */
public record ImageName(String registry, String repository, String tag, Optional<Digest> digest) {

    private static final Pattern HOST =
            Pattern.compile(
                    "([A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\\[[0-9a-fA-F:]+])(:[0-9]{1,5})?");
    private static final Pattern REPOSITORY =
            Pattern.compile(
                    "[a-z0-9]+((\\.|_{1,2}|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_{1,2}|-+)[a-z0-9]+)*)*");
    private static final Pattern TAG = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}");
    private static final int MAX_NAME = 255;

    /** Parses a name as people write it. */
    public static ImageName parse(String text) {
        String rest = text;
        Optional<Digest> digest = Optional.empty();
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = Optional.of(Digest.parse(rest.substring(at + 1)));
            rest = rest.substring(0, at);
        }
        String tag = "";
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            tag = rest.substring(colon + 1);
            rest = rest.substring(0, colon);
            if (!TAG.matcher(tag).matches()) {
                throw invalid(text);
            }
        }
        String registry = "docker.io";
        int slash = rest.indexOf('/');
        if (slash > 0 && isRegistry(rest.substring(0, slash))) {
            registry = rest.substring(0, slash);
            rest = rest.substring(slash + 1);
        }
        if (registry.equals("index.docker.io")) {
            registry = "docker.io";
        }
        if (registry.equals("docker.io") && rest.indexOf('/') < 0) {
            rest = "library/" + rest;
        }
        if (!HOST.matcher(registry).matches()
                || registry.length() + rest.length() > MAX_NAME
                || !REPOSITORY.matcher(rest).matches()) {
            throw invalid(text);
        }
        if (tag.isEmpty() && digest.isEmpty()) {
            tag = "latest";
        }
        return new ImageName(registry, rest, tag, digest);
    }

    private static boolean isRegistry(String first) {
        return first.indexOf('.') >= 0
                || first.indexOf(':') >= 0
                || first.equals("localhost")
                || !first.equals(first.toLowerCase(Locale.ROOT));
    }

    private static ImageException invalid(String text) {
        return ImageException.invalid(
                "'"
                        + text.substring(0, Math.min(text.length(), MAX_NAME))
                        + "' is not an image name");
    }

    /** Registry and repository. */
    public String path() {
        return registry + "/" + repository;
    }

    /** The name by a digest, whatever the tag. */
    public String atDigest(Digest manifest) {
        return path() + "@" + manifest;
    }

    /** The complete name; the digest decides and hides the tag. */
    @Override
    public String toString() {
        return digest.isPresent() ? path() + "@" + digest.get() : path() + ":" + tag;
    }
}
