package io.hypernetes.server.webhook;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.server.admission.AdmissionRequest;
import io.hypernetes.server.admission.AdmissionRequest.Operation;
import io.hypernetes.server.admission.AdmissionWitness;
import io.hypernetes.server.admission.AdmissionWitness.Outcome;
import io.hypernetes.server.admission.AdmissionWitness.Step;
import io.hypernetes.server.matching.AdmissionVariables;
import io.hypernetes.server.matching.Conditions;
import io.hypernetes.server.matching.RequestMatcher;
import io.hypernetes.server.matching.RequestObject;
import io.hypernetes.server.registry.Reads;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Asks one webhook about one request. */
final class Review {
    private final WorldTypes types;
    private final Reads reads;
    private final WebhookClient client;
    private final ControllersCalls controllers;
    private final Step step;
    private final AdmissionWitness witness;

    Review(
            WorldTypes types,
            Reads reads,
            WebhookClient client,
            Step step,
            AdmissionWitness witness) {
        this.types = types;
        this.step = step;
        this.witness = witness;
        this.controllers = new ControllersCalls(System::nanoTime);
        this.reads = reads;
        this.client = client;
    }

    /**
     * Empty when the webhook is not about the request. Throws Forbidden when its conditions cannot
     * be evaluated and it fails closed.
     *
     * @return the type as which the webhook sees the request
     */
    Optional<ResourceType> match(Webhook webhook, AdmissionRequest request) {
        if (RequestMatcher.isExempt(request)) {
            return Optional.empty();
        }
        Optional<ResourceType> seen = webhook.matcher().match(request, types, reads);
        if (seen.isEmpty() || webhook.conditions().isEmpty()) {
            return seen;
        }
        return switch (webhook.conditions()
                .get()
                .evaluate(new AdmissionVariables(request, seen.get(), reads, Optional.empty()))) {
            case Conditions.Outcome.Match _ -> seen;
            case Conditions.Outcome.NoMatch _ -> Optional.empty();
            case Conditions.Outcome.Error(String message) -> {
                if (webhook.ignoresFailures()) {
                    yield Optional.empty();
                }
                throw ApiException.forbidden(request.type().id(), request.name(), message);
            }
        };
    }

    /**
     * The {@code response} of a webhook that allows the request; its warnings and annotations are
     * passed on. Throws ApiException when it denies.
     */
    JsonNode ask(Webhook webhook, AdmissionRequest request, ResourceType seen)
            throws WebhookException {
        long start = System.nanoTime();
        try {
            JsonNode response = answer(webhook, request, seen);
            tell(request, Outcome.ALLOWED, 200, start);
            return response;
        } catch (ApiException e) {
            tell(request, Outcome.DENIED, e.status().code(), start);
            throw e;
        } catch (WebhookException e) {
            Outcome outcome = webhook.ignoresFailures() ? Outcome.IGNORED : Outcome.FAILED;
            tell(request, outcome, 0, start);
            throw e;
        }
    }

    private void tell(AdmissionRequest request, Outcome outcome, int code, long start) {
        String tenants = request.call().tenant().isSystem() ? "system" : "tenant";
        witness.asked(
                new AdmissionWitness.WebhookCall(step, request.operation(), tenants, outcome, code),
                System.nanoTime() - start);
    }

    private JsonNode answer(Webhook webhook, AdmissionRequest request, ResourceType seen)
            throws WebhookException {
        if (request.call().dryRun() && !webhook.dryRunSafe()) {
            throw ApiException.badRequest(
                    "admission webhook \"" + webhook.name() + "\" does not support dry run");
        }
        String version =
                webhook.reviewVersion()
                        .orElseThrow(() ->
                                new WebhookException(
                                        "could not create admission objects: webhook does not"
                                                + " accept known AdmissionReview versions (v1,"
                                                + " v1beta1)"));
        String uid = UUID.randomUUID().toString();
        ObjectNode answer;
        try {
            answer =
                    post(
                            webhook,
                            request,
                            webhook.review(version, requestTree(request, seen, uid)));
        } catch (WebhookException e) {
            throw new WebhookException("failed to call webhook: " + e.text());
        }
        JsonNode response = checked(answer, uid, version, step == Step.ADMIT);
        response.path("auditAnnotations")
                .forEachEntry((key, value) ->
                        request.call()
                                .audit()
                                .accept(webhook.name() + "/" + key, value.asString("")));
        response.path("warnings").forEach(w -> request.call().warnings().accept(w.asString("")));
        if (!response.path("allowed").asBoolean(false)) {
            throw new ApiException(denial(webhook.name(), response.path("status")));
        }
        return response;
    }

    private ObjectNode post(Webhook webhook, AdmissionRequest request, ObjectNode review)
            throws WebhookException {
        Tenant tenant = request.call().tenant();
        ControllersCalls.Call<ObjectNode> call =
                () -> client.post(tenant, webhook.endpoint(), webhook.timeout(), review);
        return request.call().internal() && !tenant.isSystem()
                ? controllers.within(tenant, webhook.name(), call)
                : call.ask();
    }

    private static ObjectNode requestTree(AdmissionRequest request, ResourceType seen, String uid) {
        ObjectNode tree = RequestObject.of(request, seen, uid);
        if (request.operation() == Operation.DELETE) {
            tree.putNull("object");
        } else {
            tree.set("object", as(request, seen, request.object()));
        }
        if (request.old().isPresent()) {
            tree.set("oldObject", as(request, seen, request.old().get()));
        } else {
            tree.putNull("oldObject");
        }
        return RequestObject.finish(tree, request);
    }

    private static ObjectNode as(AdmissionRequest request, ResourceType seen, ObjectNode object) {
        if (seen == request.type() || !request.isFor(request.type())) {
            return object;
        }
        return seen.storage()
                .conversion()
                .convert(List.of(object.deepCopy()), seen.groupVersionKind())
                .getFirst();
    }

    private static JsonNode checked(ObjectNode answer, String uid, String version, boolean mutating)
            throws WebhookException {
        String invalid = "received invalid webhook response: ";
        JsonNode response = answer.path("response");
        if (!response.isObject()) {
            throw new WebhookException(invalid + "webhook response was absent");
        }
        if (version.equals("v1beta1")) {
            return response;
        }
        String answeredUid = response.path("uid").asString("");
        if (!answeredUid.equals(uid)) {
            throw new WebhookException(
                    invalid + "expected response.uid=\"" + uid + "\", got \"" + answeredUid + "\"");
        }
        String kind = answer.path("kind").asString("");
        String apiVersion = answer.path("apiVersion").asString("");
        if (!kind.equals("AdmissionReview") || !apiVersion.equals("admission.k8s.io/v1")) {
            throw new WebhookException(
                    invalid
                            + "expected webhook response of admission.k8s.io/v1,"
                            + " Kind=AdmissionReview, got "
                            + (apiVersion.contains("/") ? "" : "/")
                            + apiVersion
                            + ", Kind="
                            + kind);
        }
        boolean patch = !response.path("patch").asString("").isEmpty();
        boolean patchType = response.path("patchType").isString();
        if (!mutating && (patch || patchType)) {
            throw new WebhookException(
                    invalid
                            + "validating webhook may not return response."
                            + (patch ? "patch" : "patchType"));
        }
        if (patch != patchType) {
            throw new WebhookException(
                    invalid
                            + (patch
                                    ? "webhook returned response.patch but not response.patchType"
                                    : "webhook returned response.patchType but not"
                                            + " response.patch"));
        }
        return response;
    }

    private static Status denial(String name, JsonNode status) {
        String by = "admission webhook \"" + name + "\" denied the request";
        String message = status.path("message").asString("");
        String reason = status.path("reason").asString("");
        int code = Math.max(400, status.path("code").asInt(0));
        return new Status(
                code,
                Reason.of(reason),
                !message.isEmpty()
                        ? by + ": " + message
                        : !reason.isEmpty() ? by + ": " + reason : by + " without explanation",
                Optional.empty());
    }
}
