package io.hypernetes.identity.webhook;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.json.Json;
import io.hypernetes.identity.AuthorizationHeader;
import io.hypernetes.identity.CredentialDigest;
import io.hypernetes.identity.Unauthorized;
import io.hypernetes.identity.remote.Confirmations;
import io.hypernetes.identity.remote.UnreachableException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Bearer tokens that nobody else knows are shown to a webhook, by a TokenReview of {@code
 * authentication.k8s.io/v1}. Which tenants a user has, the webhook says in the extra field {@link
 * #TENANT}; without it the user has none.
 *
 * <p>Groups {@code system:…} are Kubernetes' own and not taken from there, nor are such user names.
 */
public final class WebhookAuthenticator implements Authenticator, AutoCloseable {

    /** The extra field with the names of a user's tenants. */
    public static final String TENANT = "hypernetes.io/tenant";

    private static final Duration GRACE = Duration.ofMinutes(2);

    private final Reviews reviews;
    private final CredentialDigest digest = new CredentialDigest();
    private final Confirmations<Identity> confirmations;

    /**
     * @param fresh within this time what the webhook takes back is felt
     */
    public WebhookAuthenticator(WebhookFile webhook, Duration fresh, Clock clock) {
        this.reviews = new Reviews("the token webhook", webhook);
        this.confirmations = new Confirmations<>(fresh, GRACE, clock);
    }

    @Override
    public Optional<Identity> authenticate(Credentials credentials) {
        Optional<String> token =
                AuthorizationHeader.bearer(credentials).map(AuthorizationHeader.Bearer::token);
        try {
            return token.map(text ->
                    confirmations
                            .get(digest.of(text), () -> review(text))
                            .orElseThrow(Unauthorized::exception));
        } catch (UnreachableException _) {
            throw Unauthorized.exception();
        }
    }

    private Optional<Identity> review(String token) {
        ObjectNode review = Json.object();
        review.put("apiVersion", "authentication.k8s.io/v1").put("kind", "TokenReview");
        review.putObject("spec").put("token", token);
        ObjectNode status = reviews.status(review);
        return status.path("authenticated").asBoolean(false)
                ? identity(status.path("user"))
                : Optional.empty();
    }

    private static Optional<Identity> identity(JsonNode user) {
        String name = user.path("username").asString("");
        if (name.isEmpty() || name.startsWith("system:")) {
            return Optional.empty();
        }
        List<String> groups = new ArrayList<>(texts(user.path("groups")));
        groups.removeIf(group -> group.startsWith("system:"));
        groups.add(UserInfo.AUTHENTICATED);
        Map<String, List<String>> extra = new LinkedHashMap<>();
        user.path("extra")
                .properties()
                .forEach(field -> extra.put(field.getKey(), texts(field.getValue())));
        Set<Tenant> tenants = new LinkedHashSet<>();
        for (String tenant : extra.getOrDefault(TENANT, List.of())) {
            try {
                tenants.add(new Tenant(tenant));
            } catch (IllegalArgumentException _) {
                return Optional.empty(); // half understood is not understood
            }
        }
        Optional<Tenant> home =
                tenants.size() == 1 ? Optional.of(tenants.iterator().next()) : Optional.empty();
        UserInfo info =
                new UserInfo(
                        name,
                        user.path("uid").asString(""),
                        List.copyOf(groups),
                        Map.copyOf(extra));
        return Optional.of(new Identity(info, home, Set.copyOf(tenants), false));
    }

    private static List<String> texts(JsonNode array) {
        List<String> texts = new ArrayList<>();
        array.forEach(item -> texts.add(item.asString("")));
        return List.copyOf(texts);
    }

    @Override
    public void close() {
        confirmations.close();
        reviews.close();
    }
}
