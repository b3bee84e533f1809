package io.hypernetes.scheduler.cluster;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An entry of a pod's {@code spec.resourceClaims}.
 *
 * @param entry its name within the pod
 * @param claim the ResourceClaim's name; empty while none was made of its template
 */
public record DeviceClaim(String entry, Optional<String> claim) {

    /** All but those of which the status says that no claim is needed. */
    static List<DeviceClaim> all(ObjectNode pod) {
        List<DeviceClaim> claims = new ArrayList<>();
        for (JsonNode entry : pod.path("spec").path("resourceClaims")) {
            String name = entry.path("name").asString("");
            Optional<String> own = text(entry);
            Optional<JsonNode> made =
                    pod.path("status")
                            .path("resourceClaimStatuses")
                            .valueStream()
                            .filter(status -> status.path("name").asString("").equals(name))
                            .findFirst();
            if (own.isPresent() || made.isEmpty() || made.flatMap(DeviceClaim::text).isPresent()) {
                claims.add(new DeviceClaim(name, own.or(() -> made.flatMap(DeviceClaim::text))));
            }
        }
        return List.copyOf(claims);
    }

    private static Optional<String> text(JsonNode entry) {
        return Optional.of(entry.path("resourceClaimName").asString(""))
                .filter(name -> !name.isEmpty());
    }
}
