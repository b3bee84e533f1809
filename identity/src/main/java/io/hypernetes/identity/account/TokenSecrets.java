package io.hypernetes.identity.account;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;

/**
 * Tokens of service accounts that are kept in a Secret: each is good while the Secret holds it and
 * nobody has marked it invalid. The Secret is marked with the day of the last use, so that an
 * operator, or kube-controller-manager, can tell which are used by nobody (KEP-2799).
 */
public final class TokenSecrets {
    private static final Logger LOG = LoggerFactory.getLogger(TokenSecrets.class);

    private static final String LAST_USED = "kubernetes.io/legacy-token-last-used";
    private static final String INVALID_SINCE = "kubernetes.io/legacy-token-invalid-since";
    private static final int REMEMBERED = 10_000;

    private final Client client;
    private final Clock clock;

    /** The day on which a Secret's mark was last written or tried to be: once a day is enough. */
    private final Cache<ObjectKey, LocalDate> marked =
            Caffeine.newBuilder().maximumSize(REMEMBERED).build();

    public TokenSecrets(Client client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Whether this incarnation of the Secret holds the token; marks it as used if so. */
    public boolean holds(ObjectKey key, String uid, String token) {
        Optional<ObjectNode> secret =
                client.find(BuiltinTypes.SECRETS, key)
                        .filter(object -> Metadata.uid(object).equals(uid))
                        .filter(object -> !Metadata.isBeingDeleted(object))
                        .filter(object -> same(object.at("/data/token").asString(""), token));
        secret.ifPresent(object -> mark(key, object));
        return secret.filter(object -> label(object, INVALID_SINCE).isEmpty()).isPresent();
    }

    private static boolean same(String data, String token) {
        String encoded = Base64.getEncoder().encodeToString(token.getBytes(StandardCharsets.UTF_8));
        return MessageDigest.isEqual(
                data.getBytes(StandardCharsets.UTF_8), encoded.getBytes(StandardCharsets.UTF_8));
    }

    private void mark(ObjectKey key, ObjectNode secret) {
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        if (label(secret, LAST_USED).equals(today.toString())
                || today.equals(marked.asMap().put(key, today))) {
            return;
        }
        ObjectNode patch = Json.object();
        ObjectNode metadata = patch.putObject("metadata").put("uid", Metadata.uid(secret));
        metadata.putObject("labels").put(LAST_USED, today.toString());
        try {
            client.patch(BuiltinTypes.SECRETS, key, new Patch.Merge(patch), "");
        } catch (ApiException e) {
            LOG.warn("{} is not marked as used today: {}", key, e.getMessage());
        }
    }

    private static String label(ObjectNode secret, String name) {
        return Metadata.labels(secret).getOrDefault(name, "");
    }
}
