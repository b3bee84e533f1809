package io.hypernetes.identity.webhook;

import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.json.Json;
import io.hypernetes.identity.CredentialDigest;
import io.hypernetes.identity.remote.Confirmations;
import io.hypernetes.identity.remote.UnreachableException;

import tools.jackson.databind.node.ObjectNode;

import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Asks a webhook by a SubjectAccessReview of {@code authorization.k8s.io/v1}. The tenant is in the
 * extra field {@link WebhookAuthenticator#TENANT}, always set here and never taken from elsewhere:
 * a webhook that does not look at it decides for all worlds alike.
 *
 * <p>Answers are remembered as {@link Confirmations} says, without grace. When the webhook cannot
 * be asked there is no opinion: the next authorizer decides, and after the last it is a no.
 */
public final class WebhookAuthorizer implements Authorizer, AutoCloseable {

    private final Reviews reviews;
    private final CredentialDigest digest = new CredentialDigest();
    private final Confirmations<Decision> decisions;

    /**
     * @param fresh how long an answer is good
     */
    public WebhookAuthorizer(WebhookFile webhook, Duration fresh, Clock clock) {
        this.reviews = new Reviews("the authorization webhook", webhook);
        this.decisions = new Confirmations<>(fresh, Duration.ZERO, clock);
    }

    @Override
    public Decision authorize(Attributes request) {
        ObjectNode spec = spec(request);
        ByteBuffer key = digest.of(Json.text(spec));
        try {
            return decisions
                    .get(key, () -> Optional.of(review(spec)))
                    .orElseGet(() -> new Decision.NoOpinion(""));
        } catch (UnreachableException _) {
            return new Decision.NoOpinion("the authorization webhook cannot be asked");
        }
    }

    private Decision review(ObjectNode spec) {
        ObjectNode review = Json.object();
        review.put("apiVersion", "authorization.k8s.io/v1").put("kind", "SubjectAccessReview");
        review.set("spec", spec);
        ObjectNode status = reviews.status(review);
        boolean allowed = status.path("allowed").asBoolean(false);
        boolean denied = status.path("denied").asBoolean(false);
        String reason = status.path("reason").asString("");
        if (denied) {
            return new Decision.Deny(reason); // both at once is a contradiction: a no
        }
        return allowed ? new Decision.Allow(reason) : new Decision.NoOpinion(reason);
    }

    private static ObjectNode spec(Attributes request) {
        UserInfo user = request.user();
        ObjectNode spec = Json.object();
        if (request.isResource()) {
            ObjectNode resource = spec.putObject("resourceAttributes");
            put(resource, "namespace", request.namespace());
            put(resource, "verb", request.verb());
            put(resource, "group", request.group());
            put(resource, "version", request.version());
            put(resource, "resource", request.resource());
            put(resource, "subresource", request.subresource());
            put(resource, "name", request.name());
        } else {
            spec.putObject("nonResourceAttributes")
                    .put("path", request.path())
                    .put("verb", request.verb());
        }
        spec.put("user", user.name());
        put(spec, "uid", user.uid());
        user.groups().forEach(spec.putArray("groups")::add);
        Map<String, List<String>> extra = new LinkedHashMap<>(user.extra());
        extra.put(WebhookAuthenticator.TENANT, List.of(request.tenant().name()));
        ObjectNode tree = spec.putObject("extra");
        extra.forEach((key, values) -> values.forEach(tree.putArray(key)::add));
        return spec;
    }

    private static void put(ObjectNode object, String field, String value) {
        if (!value.isEmpty()) {
            object.put(field, value);
        }
    }

    @Override
    public void close() {
        decisions.close();
        reviews.close();
    }
}
