package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.StoreKey;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Where the next page of a list begins. It names the last object by tenant, namespace and name; the
 * list's own range still bounds what it can reach.
 */
record ContinueToken(long revision, String tenant, String namespace, String name) {
    static ContinueToken after(long revision, ObjectPath last) {
        return new ContinueToken(revision, last.tenant(), last.namespace(), last.name());
    }

    String encode() {
        ObjectNode token = Json.object();
        token.put("v", "meta.k8s.io/v1").put("rv", revision);
        token.put("tenant", tenant).put("namespace", namespace).put("name", name);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.write(token));
    }

    /** Throws BadRequest. */
    static ContinueToken decode(String text) {
        try {
            byte[] json = Base64.getUrlDecoder().decode(text.getBytes(StandardCharsets.US_ASCII));
            ObjectNode token = Json.parseObject(json);
            long revision = token.path("rv").asLong(0);
            String name = token.path("name").asString("");
            if (revision <= 0 || name.isEmpty()) {
                throw notValid();
            }
            return new ContinueToken(
                    revision,
                    token.path("tenant").asString(""),
                    token.path("namespace").asString(""),
                    name);
        } catch (IllegalArgumentException | ApiException e) {
            throw notValid();
        }
    }

    Optional<StoreKey> key(Extent extent) {
        // A token is of the client's making: within one tenant, that tenant's key whatever it says.
        String owner = extent.tenant().map(t -> t.name()).orElse(tenant);
        try {
            return Optional.of(extent.key(owner, namespace, name));
        } catch (IllegalArgumentException e) {
            throw notValid();
        }
    }

    private static ApiException notValid() {
        return ApiException.badRequest("continue key is not valid");
    }
}
