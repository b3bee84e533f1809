package io.hypernetes.identity.webhook;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.access.Authenticator;
import io.hypernetes.api.access.Credentials;
import io.hypernetes.api.access.Identity;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.Set;

import javax.net.ssl.SSLContext;

/**
 * Answers TokenReviews of {@code authentication.k8s.io} over HTTPS, for an upstream kube-apiserver
 * with {@code --authentication-token-webhook-config-file}: who somebody is, an authenticator says.
 *
 * <p>A token is in the body of the question and nowhere else: not in the answer, not in a log.
 */
public final class TokenReviewServer implements AutoCloseable {

    private static final int LONGEST_BODY = 64 * 1024;

    /** A kube-apiserver asks in the second where no flag says the first; they are alike. */
    private static final Set<String> VERSIONS =
            Set.of("authentication.k8s.io/v1", "authentication.k8s.io/v1beta1");

    private final Authenticator authenticator;
    private final ReviewServer server;

    /** Listens at once. Throws IOException that says which address cannot be listened on. */
    public TokenReviewServer(InetSocketAddress address, SSLContext tls, Authenticator authenticator)
            throws IOException {
        this.authenticator = authenticator;
        this.server = new ReviewServer(address, tls, LONGEST_BODY, this::review);
    }

    public int port() {
        return server.port();
    }

    /** Empty for what is no TokenReview. */
    private Optional<ObjectNode> review(ObjectNode review) {
        String token = review.path("spec").path("token").asString("");
        String version = review.path("apiVersion").asString("");
        boolean known =
                VERSIONS.contains(version)
                        && review.path("kind").asString("").equals("TokenReview");
        if (!known) {
            return Optional.empty();
        }
        ObjectNode answer = Json.object().put("apiVersion", version).put("kind", "TokenReview");
        Optional<Identity> identity = identity(token);
        ObjectNode status = answer.putObject("status").put("authenticated", identity.isPresent());
        identity.ifPresent(found -> status.set("user", user(found.user())));
        return Optional.of(answer);
    }

    private Optional<Identity> identity(String token) {
        try {
            return authenticator.authenticate(
                    new Credentials(Optional.of("Bearer " + token), Optional.empty()));
        } catch (ApiException _) {
            return Optional.empty();
        }
    }

    private static ObjectNode user(UserInfo user) {
        ObjectNode tree = Json.object().put("username", user.name()).put("uid", user.uid());
        user.groups().stream()
                .filter(group -> !group.startsWith("system:"))
                .forEach(tree.putArray("groups")::add);
        ObjectNode extra = tree.putObject("extra");
        user.extra().forEach((key, values) -> values.forEach(extra.putArray(key)::add));
        return tree;
    }

    @Override
    public void close() {
        server.close();
    }
}
