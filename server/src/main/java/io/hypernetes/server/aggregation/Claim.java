package io.hypernetes.server.aggregation;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.server.registry.Served;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * What an APIService with a service says: this group and version is that service's.
 *
 * @param caBundle PEM, empty for the system's authorities
 */
record Claim(
        String group,
        String version,
        ObjectKey service,
        int port,
        String caBundle,
        boolean insecure,
        long revision) {
    /** Empty for an APIService that is answered by this server itself. */
    static Optional<Claim> of(Served apiService) {
        JsonNode spec = apiService.tree().path("spec");
        JsonNode service = spec.path("service");
        if (!service.isObject()) {
            return Optional.empty();
        }
        return Optional.of(
                new Claim(
                        spec.path("group").asString(""),
                        spec.path("version").asString(""),
                        new ObjectKey(
                                apiService.tenant(),
                                service.path("namespace").asString(""),
                                service.path("name").asString("")),
                        service.path("port").asInt(443),
                        decoded(spec.path("caBundle").asString("")),
                        spec.path("insecureSkipTLSVerify").asBoolean(false),
                        apiService.revision()));
    }

    /** The service's name in DNS, which its certificate must have. */
    String host() {
        return service.name() + "." + service.namespace() + ".svc";
    }

    String path() {
        return "/apis/" + group + "/" + version;
    }

    private static String decoded(String bundle) {
        try {
            return new String(Base64.getDecoder().decode(bundle), StandardCharsets.ISO_8859_1);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
