package io.hypernetes.server.webhook;

import tools.jackson.databind.JsonNode;

import java.util.Base64;

/**
 * Where a webhook is: a {@code WebhookClientConfig}.
 *
 * @param service whether it is in the world's network, else a URL of the world outside
 * @param host the service's name in DNS, or the URL's host
 * @param caBundle PEM, empty for the system's authorities
 */
record Endpoint(
        boolean service,
        String namespace,
        String name,
        String host,
        int port,
        String path,
        String caBundle) {
    static Endpoint of(JsonNode config) {
        String bundle = decoded(config.path("caBundle").asString(""));
        JsonNode service = config.path("service");
        if (service.isObject()) {
            String namespace = service.path("namespace").asString("");
            String name = service.path("name").asString("");
            String path = service.path("path").asString("/");
            return new Endpoint(
                    true,
                    namespace,
                    name,
                    name + "." + namespace + ".svc",
                    service.path("port").asInt(443),
                    path.startsWith("/") ? path : "/" + path,
                    bundle);
        }
        // Admission has checked that this is an https URL with a host.
        java.net.URI url = java.net.URI.create(config.path("url").asString(""));
        String host = url.getHost() == null ? "" : url.getHost();
        String path =
                url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return new Endpoint(
                false,
                "",
                "",
                host.startsWith("[") ? host.substring(1, host.length() - 1) : host,
                url.getPort() < 0 ? 443 : url.getPort(),
                path + query,
                bundle);
    }

    private static String decoded(String bundle) {
        try {
            return new String(
                    Base64.getDecoder().decode(bundle),
                    java.nio.charset.StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** As Go would show the request's URL. */
    String shown(long seconds) {
        String shownHost = host.contains(":") ? "[" + host + "]" : host;
        return "https://"
                + shownHost
                + (service || port != 443 ? ":" + port : "")
                + target(seconds);
    }

    String target(long seconds) {
        return path + (path.contains("?") ? "&" : "?") + "timeout=" + seconds + "s";
    }
}
