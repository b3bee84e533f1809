package io.hypernetes.server.webhook;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.patch.JsonPatch;
import io.hypernetes.api.schema.FieldValidation;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.server.admission.AdmissionController;
import io.hypernetes.server.admission.AdmissionRequest;
import io.hypernetes.server.admission.AdmissionRequest.Operation;
import io.hypernetes.server.admission.AdmissionWitness;
import io.hypernetes.server.admission.AdmissionWitness.Step;
import io.hypernetes.server.matching.CompiledObjects;
import io.hypernetes.server.outbound.LateDialer;
import io.hypernetes.server.registry.Reads;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** MutatingWebhookConfigurations, asked one after the other. */
public final class MutatingWebhooks implements AdmissionController {
    private static final Logger LOG = LoggerFactory.getLogger(MutatingWebhooks.class);

    private final CompiledObjects<List<Webhook>> configurations;
    private final Review review;

    public MutatingWebhooks(
            WorldTypes types, Reads reads, LateDialer dialer, AdmissionWitness witness) {
        this.configurations =
                new CompiledObjects<>(
                        ExtensionTypes.MUTATING_WEBHOOK_CONFIGURATIONS, reads, Webhook::all);
        this.review = new Review(types, reads, new WebhookClient(dialer), Step.ADMIT, witness);
    }

    @Override
    public void mutate(AdmissionRequest request) {
        List<List<Webhook>> all = configurations.of(request.call().tenant());
        if (all.isEmpty()) {
            return;
        }
        if (request.passes().isSecond()) {
            request.passes().callers().checkChanged(request.object());
        }
        for (List<Webhook> webhooks : all) {
            for (Webhook webhook : webhooks) {
                call(webhook, request);
            }
        }
        request.passes().callers().remember(request.object());
    }

    private void call(Webhook webhook, AdmissionRequest request) {
        Optional<ResourceType> seen = review.match(webhook, request);
        if (seen.isEmpty()
                || request.passes().isSecond()
                        && !request.passes().callers().mayCallAgain(webhook.id())) {
            return;
        }
        try {
            JsonNode response = review.ask(webhook, request, seen.get());
            if (apply(webhook, request, seen.get(), response)) {
                request.passes().callers().changed();
                request.passes().askForSecond();
            }
        } catch (WebhookException e) {
            String message = "failed calling webhook \"" + webhook.name() + "\": " + e.text();
            if (!webhook.ignoresFailures()) {
                throw internal(message);
            }
            LOG.info("ignored by its failure policy: {}", message);
        }
        if (webhook.reinvoked()) {
            request.passes().callers().called(webhook.id());
        }
    }

    static ApiException internal(String message) {
        return ApiException.of(Reason.INTERNAL_ERROR, "Internal error occurred: " + message);
    }

    private static boolean apply(
            Webhook webhook, AdmissionRequest request, ResourceType seen, JsonNode response)
            throws WebhookException {
        String encoded = response.path("patch").asString("");
        if (encoded.isEmpty()) {
            return false;
        }
        JsonNode patch;
        try {
            patch = Json.parse(Base64.getDecoder().decode(encoded));
        } catch (IllegalArgumentException | ApiException e) {
            throw new WebhookException(
                    "received undecodable patch in webhook response: " + e.getMessage());
        }
        if (!response.path("patchType").asString("JSONPatch").equals("JSONPatch")) {
            throw new WebhookException(
                    "unsupported patch type \"" + response.path("patchType").asString("") + "\"");
        }
        if (patch.isEmpty()) {
            return false;
        }
        if (request.operation() == Operation.DELETE) {
            throw internal(
                    "admission webhook \""
                            + webhook.name()
                            + "\" attempted to modify the object, which is not supported for this"
                            + " operation");
        }
        try {
            return Mutation.apply(request, seen, object -> JsonPatch.apply(patch, object));
        } catch (ApiException e) {
            throw internal(e.status().message());
        }
    }

    /** Puts a changed object in the place of the request's. */
    public static final class Mutation {
        private Mutation() {}

        /**
         * @param change from the object as the version {@code seen} has it. May throw ApiException
         * @return whether the object is another one now, with defaults for what was added
         */
        public static boolean apply(
                AdmissionRequest request,
                ResourceType seen,
                java.util.function.UnaryOperator<ObjectNode> change) {
            ResourceType type = request.type();
            boolean whole = request.isFor(type);
            ObjectNode before = request.object().deepCopy();
            ObjectNode source = before.deepCopy();
            if (whole && seen != type) {
                source = converted(source, seen);
            }
            ObjectNode changed = change.apply(source);
            if (whole) {
                GroupVersionKind kind = seen.groupVersionKind();
                seen.schema().decode(kind, changed, FieldValidation.IGNORE);
                if (seen != type) {
                    changed = converted(changed, type);
                }
                type.schema().applyDefaults(changed);
                type.strategy().applyDefaults(changed);
            }
            if (changed.equals(before)) {
                return false;
            }
            request.object().removeAll();
            request.object().setAll(changed);
            return true;
        }

        private static ObjectNode converted(ObjectNode object, ResourceType to) {
            return to.storage()
                    .conversion()
                    .convert(List.of(object), to.groupVersionKind())
                    .getFirst();
        }
    }
}
