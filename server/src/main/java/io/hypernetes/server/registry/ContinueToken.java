package io.hypernetes.server.registry;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.store.ObjectPath;
import io.hypernetes.store.StoreKey;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * Where the next page of a list begins. It names the last object by tenant, namespace and name; the
 * list's own range still bounds what it can reach, and it is of use for the list alone whose first
 * page gave it.
 *
 * @param revision {@link #INCONSISTENT} goes on in whatever state there is
 * @param list what is listed: the resource, whose, and in which namespace
 */
record ContinueToken(long revision, String list, String tenant, String namespace, String name) {
    static final long INCONSISTENT = -1;
    private static final String VERSION = "meta.k8s.io/v1";

    static ContinueToken after(Extent extent, long revision, ObjectPath last) {
        return new ContinueToken(
                revision, list(extent), last.tenant(), last.namespace(), last.name());
    }

    /** The same place, for a client that would rather go on than begin anew. */
    ContinueToken inconsistent() {
        return new ContinueToken(INCONSISTENT, list, tenant, namespace, name);
    }

    private static String list(Extent extent) {
        return extent.type().storage().location()
                + "/"
                + extent.tenant().map(Tenant::name).orElse("*")
                + "/"
                + extent.namespace();
    }

    String encode() {
        ObjectNode token = Json.object();
        token.put("v", VERSION).put("rv", revision).put("list", list);
        token.put("tenant", tenant).put("namespace", namespace).put("name", name);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Json.write(token));
    }

    /** Throws BadRequest, also for the token of another list. */
    static ContinueToken decode(Extent extent, String text) {
        ObjectNode token;
        try {
            token =
                    Json.parseObject(
                            Base64.getUrlDecoder()
                                    .decode(text.getBytes(StandardCharsets.US_ASCII)));
        } catch (IllegalArgumentException | ApiException e) {
            throw notValid("");
        }
        String version = token.path("v").asString("");
        if (!version.equals(VERSION)) {
            throw notValid(": server does not recognize this encoded version " + version);
        }
        long revision = token.path("rv").asLong(0);
        String name = token.path("name").asString("");
        if (revision == 0 || revision < INCONSISTENT) {
            throw notValid(": incorrect encoded start resourceVersion (version " + VERSION + ")");
        }
        if (name.isEmpty()) {
            throw notValid(": encoded start key empty (version " + VERSION + ")");
        }
        if (!token.path("list").asString("").equals(list(extent))) {
            throw notValid(": it is of another list");
        }
        return new ContinueToken(
                revision,
                list(extent),
                token.path("tenant").asString(""),
                token.path("namespace").asString(""),
                name);
    }

    Optional<StoreKey> key(Extent extent) {
        // A token is of the client's making: within one tenant, that tenant's key whatever it says.
        String owner = extent.tenant().map(Tenant::name).orElse(tenant);
        try {
            return Optional.of(extent.key(owner, namespace, name));
        } catch (IllegalArgumentException e) {
            throw notValid("");
        }
    }

    private static ApiException notValid(String detail) {
        return ApiException.badRequest(
                "invalid continue token: continue key is not valid" + detail);
    }
}
