package io.hypernetes.identity.token;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.identity.AuthorizationHeader;
import io.hypernetes.identity.Unauthorized;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tokens {@code ID.SECRET} with which machines join (Kubernetes' bootstrap tokens): a Secret {@code
 * bootstrap-token-ID} of type {@code bootstrap.kubernetes.io/token} in {@code kube-system} of the
 * operator's world. They are looked up at each use, and act in that world alone.
 */
public final class BootstrapTokenAuthenticator implements Authenticator {

    private static final Pattern TOKEN = Pattern.compile("([a-z0-9]{6})\\.([a-z0-9]{16})");
    private static final Pattern GROUP =
            Pattern.compile("system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]");
    private static final String TYPE = "bootstrap.kubernetes.io/token";
    private static final String BOOTSTRAPPERS = "system:bootstrappers";

    private final Client client;
    private final Clock clock;

    public BootstrapTokenAuthenticator(Client client, Clock clock) {
        this.client = client;
        this.clock = clock;
    }

    @Override
    public Optional<Identity> authenticate(Credentials credentials) {
        return AuthorizationHeader.bearer(credentials)
                .map(bearer -> TOKEN.matcher(bearer.token()))
                .filter(Matcher::matches)
                .map(token ->
                        identity(token.group(1), token.group(2))
                                .orElseThrow(Unauthorized::exception));
    }

    private Optional<Identity> identity(String id, String secret) {
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, "kube-system", "bootstrap-token-" + id);
        return client.find(BuiltinTypes.SECRETS, key)
                .filter(object -> object.path("type").asString("").equals(TYPE))
                .filter(object -> !Metadata.isBeingDeleted(object))
                .filter(object -> same(data(object, "token-secret"), secret))
                .filter(object -> data(object, "token-id").equals(id))
                .filter(object -> data(object, "usage-bootstrap-authentication").equals("true"))
                .filter(this::isCurrent)
                .flatMap(object -> groups(data(object, "auth-extra-groups")))
                .map(groups -> new UserInfo("system:bootstrap:" + id, "", groups, Map.of()))
                .map(user ->
                        new Identity(
                                user, Optional.of(Tenant.SYSTEM), Set.of(Tenant.SYSTEM), false));
    }

    private boolean isCurrent(ObjectNode secret) {
        String end = data(secret, "expiration");
        try {
            return end.isEmpty() || clock.instant().isBefore(Instant.parse(end));
        } catch (DateTimeException _) {
            return false; // upstream: a time that cannot be read has passed
        }
    }

    private static Optional<List<String>> groups(String extra) {
        List<String> groups = new ArrayList<>(List.of(BOOTSTRAPPERS));
        for (String group : extra.split(",", -1)) {
            if (!group.isEmpty() && !GROUP.matcher(group).matches()) {
                return Optional.empty();
            }
            if (!group.isEmpty()) {
                groups.add(group);
            }
        }
        groups.add(UserInfo.AUTHENTICATED);
        return Optional.of(List.copyOf(groups));
    }

    private static boolean same(String one, String other) {
        return MessageDigest.isEqual(
                one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private static String data(ObjectNode secret, String key) {
        try {
            return new String(
                    Base64.getDecoder().decode(secret.path("data").path(key).asString("")),
                    StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return "";
        }
    }
}
