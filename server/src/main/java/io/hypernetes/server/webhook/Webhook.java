package io.hypernetes.server.webhook;

import io.hypernetes.api.json.Json;
import io.hypernetes.server.matching.Conditions;
import io.hypernetes.server.matching.Environments;
import io.hypernetes.server.matching.RequestMatcher;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One webhook of a configuration, ready to be asked.
 *
 * @param id unlike any other webhook's of its world
 * @param conditions empty when there are none
 * @param ignoresFailures failurePolicy Ignore
 * @param dryRunSafe whether it says that it has no side effects in a dry run
 * @param reinvoked reinvocationPolicy IfNeeded
 */
record Webhook(
        String id,
        String name,
        String configuration,
        RequestMatcher matcher,
        Optional<Conditions> conditions,
        Endpoint endpoint,
        Duration timeout,
        boolean ignoresFailures,
        boolean dryRunSafe,
        boolean reinvoked,
        Set<String> reviewVersions) {
    private static final int DEFAULT_TIMEOUT = 10;

    /** All webhooks of a configuration in their order. */
    static List<Webhook> all(ObjectNode configuration) {
        List<Webhook> webhooks = new ArrayList<>();
        String owner = configuration.path("metadata").path("name").asString("");
        for (JsonNode webhook : configuration.path("webhooks")) {
            webhooks.add(of(owner, webhooks.size(), webhook));
        }
        return List.copyOf(webhooks);
    }

    private static Webhook of(String owner, int index, JsonNode webhook) {
        String name = webhook.path("name").asString("");
        JsonNode conditions = webhook.path("matchConditions");
        Set<String> versions = new HashSet<>();
        webhook.path("admissionReviewVersions").forEach(v -> versions.add(v.asString("")));
        String sideEffects = webhook.path("sideEffects").asString("");
        return new Webhook(
                owner + "/" + name + "/" + index,
                name,
                owner,
                RequestMatcher.of(webhook),
                conditions.isEmpty()
                        ? Optional.empty()
                        : Optional.of(Conditions.of(conditions, Environments.request(false))),
                Endpoint.of(webhook.path("clientConfig")),
                Duration.ofSeconds(webhook.path("timeoutSeconds").asInt(DEFAULT_TIMEOUT)),
                webhook.path("failurePolicy").asString("").equals("Ignore"),
                sideEffects.equals("None") || sideEffects.equals("NoneOnDryRun"),
                webhook.path("reinvocationPolicy").asString("").equals("IfNeeded"),
                Set.copyOf(versions));
    }

    /** The newest version of AdmissionReview that both know; empty when there is none. */
    Optional<String> reviewVersion() {
        return List.of("v1", "v1beta1").stream().filter(reviewVersions::contains).findFirst();
    }

    ObjectNode review(String version, ObjectNode request) {
        ObjectNode review = Json.object();
        review.put("kind", "AdmissionReview").put("apiVersion", "admission.k8s.io/" + version);
        review.set("request", request);
        return review;
    }
}
