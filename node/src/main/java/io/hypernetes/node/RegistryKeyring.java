package io.hypernetes.node;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;
import io.hypernetes.cri.v1.AuthConfig;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;

/**
 * Passwords for registries, with the rules of "Pull an Image from a Private Registry" (Kubernetes
 * documentation) by which one fits an image: same host (each part of it may be a pattern), same
 * port, and a path that the image's begins with; the more special goes first. Immutable.
 */
final class RegistryKeyring {

    private static final String DOCKER_HUB = "docker.io";
    private static final List<String> DOCKER_HUBS =
            List.of("index.docker.io", "registry-1.docker.io", DOCKER_HUB);

    /**
     * @param place host, port if any, and path, without scheme
     */
    private record Entry(String place, AuthConfig credentials) {}

    private final List<Entry> entries;

    private RegistryKeyring(List<Entry> entries) {
        this.entries = entries;
    }

    /** What to try for an image, in this order; empty when nothing fits. */
    List<AuthConfig> of(String image) {
        String complete = complete(image);
        LinkedHashSet<AuthConfig> fitting = new LinkedHashSet<>();
        for (Entry entry : entries) {
            if (fits(entry.place, complete)) {
                fitting.add(entry.credentials);
            }
        }
        return List.copyOf(fitting);
    }

    /** Registry and repository: {@code hello:1} is {@code docker.io/library/hello}. */
    private static String complete(String image) {
        String name = image.replaceFirst("@.*", "");
        int colon = name.lastIndexOf(':');
        if (colon > name.lastIndexOf('/')) {
            name = name.substring(0, colon);
        }
        int slash = name.indexOf('/');
        String first = slash < 0 ? "" : name.substring(0, slash);
        if (first.contains(".") || first.contains(":") || first.equals("localhost")) {
            return DOCKER_HUBS.contains(first) ? DOCKER_HUB + name.substring(slash) : name;
        }
        return DOCKER_HUB + (slash < 0 ? "/library/" : "/") + name;
    }

    private static boolean fits(String pattern, String image) {
        String host = host(pattern);
        String path = pattern.substring(host.length());
        String imageHost = host(image);
        return hostFits(host, imageHost) && image.substring(imageHost.length()).startsWith(path);
    }

    private static String host(String place) {
        int slash = place.indexOf('/');
        return slash < 0 ? place : place.substring(0, slash);
    }

    private static boolean hostFits(String pattern, String host) {
        if (!port(pattern).equals(port(host))) {
            return false;
        }
        String[] patterns = withoutPort(pattern).split("\\.", -1);
        String[] parts = withoutPort(host).split("\\.", -1);
        if (patterns.length != parts.length) {
            return false;
        }
        for (int i = 0; i < parts.length; i++) {
            if (!partFits(patterns[i], parts[i])) {
                return false;
            }
        }
        return true;
    }

    /** With {@code *} and {@code ?}; in linear space and without a tenant's regular expression. */
    private static boolean partFits(String pattern, String part) {
        int p = 0;
        int star = -1;
        int mark = 0;
        for (int i = 0; i < part.length(); ) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                mark = i;
            } else if (p < pattern.length()
                    && (pattern.charAt(p) == '?' || pattern.charAt(p) == part.charAt(i))) {
                p++;
                i++;
            } else if (star >= 0) {
                p = star + 1;
                i = ++mark;
            } else {
                return false;
            }
        }
        return pattern.substring(p).chars().allMatch(c -> c == '*');
    }

    private static String port(String host) {
        int colon = host.lastIndexOf(':');
        return colon < 0 ? "" : host.substring(colon + 1);
    }

    private static String withoutPort(String host) {
        int colon = host.lastIndexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    /** Collects what secrets hold. */
    static final class Builder {
        private final List<Entry> entries = new ArrayList<>();

        /**
         * @return whether the secret is of a kind that holds passwords of registries, and readable
         */
        boolean add(ObjectNode secret) {
            JsonNode data = secret.path("data");
            return switch (secret.path("type").asString("")) {
                case "kubernetes.io/dockerconfigjson" ->
                        parse(data.path(".dockerconfigjson"))
                                .map(config -> addAll(config.path("auths")))
                                .orElse(false);
                case "kubernetes.io/dockercfg" ->
                        parse(data.path(".dockercfg")).map(this::addAll).orElse(false);
                default -> false;
            };
        }

        private static Optional<ObjectNode> parse(JsonNode base64) {
            try {
                byte[] bytes = Base64.getDecoder().decode(base64.asString(""));
                return bytes.length == 0 ? Optional.empty() : Optional.of(Json.parseObject(bytes));
            } catch (IllegalArgumentException | ApiException _) {
                return Optional.empty();
            }
        }

        private boolean addAll(JsonNode registries) {
            registries.properties().forEach(one -> add(one.getKey(), one.getValue()));
            return true;
        }

        private void add(String registry, JsonNode entry) {
            AuthConfig.Builder credentials =
                    AuthConfig.newBuilder()
                            .setUsername(entry.path("username").asString(""))
                            .setPassword(entry.path("password").asString(""));
            String pair = decoded(entry.path("auth").asString(""));
            int colon = pair.indexOf(':');
            if (colon >= 0) {
                credentials.setUsername(pair.substring(0, colon));
                credentials.setPassword(pair.substring(colon + 1));
            }
            entries.add(new Entry(place(registry), credentials.build()));
        }

        private static String decoded(String base64) {
            try {
                return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException _) {
                return "";
            }
        }

        /** Docker writes {@code https://index.docker.io/v1/} for its own registry. */
        private static String place(String registry) {
            String place =
                    registry.replaceFirst("^https?://", "")
                            .replaceFirst("/v[12](/|$)", "/")
                            .replaceFirst("/+$", "");
            String host = host(place);
            return DOCKER_HUBS.contains(host) ? DOCKER_HUB + place.substring(host.length()) : place;
        }

        RegistryKeyring build() {
            List<Entry> sorted = new ArrayList<>(entries);
            sorted.sort(Comparator.comparing(Entry::place).reversed());
            return new RegistryKeyring(sorted);
        }
    }
}
