package io.hypernetes.server.webhook;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.server.admission.AdmissionController;
import io.hypernetes.server.admission.AdmissionRequest;
import io.hypernetes.server.admission.AdmissionWitness;
import io.hypernetes.server.admission.AdmissionWitness.Step;
import io.hypernetes.server.matching.CompiledObjects;
import io.hypernetes.server.outbound.LateDialer;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.store.Compare;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** ValidatingWebhookConfigurations, all asked at once. */
public final class ValidatingWebhooks implements AdmissionController {
    private static final Logger LOG = LoggerFactory.getLogger(ValidatingWebhooks.class);

    private final CompiledObjects<List<Webhook>> configurations;
    private final Review review;

    public ValidatingWebhooks(
            WorldTypes types, Reads reads, LateDialer dialer, AdmissionWitness witness) {
        this.configurations =
                new CompiledObjects<>(
                        ExtensionTypes.VALIDATING_WEBHOOK_CONFIGURATIONS, reads, Webhook::all);
        this.review = new Review(types, reads, new WebhookClient(dialer), Step.VALIDATE, witness);
    }

    private record Call(Webhook webhook, ResourceType seen) {}

    @Override
    public List<Compare> validate(AdmissionRequest request) throws InterruptedException {
        List<List<Webhook>> all = configurations.of(request.call().tenant());
        if (all.isEmpty()) {
            return List.of();
        }
        List<Call> calls = new ArrayList<>();
        for (List<Webhook> webhooks : all) {
            for (Webhook webhook : webhooks) {
                Optional<ResourceType> seen = review.match(webhook, request);
                seen.ifPresent(type -> calls.add(new Call(webhook, type)));
            }
        }
        callAll(calls, request);
        return List.of();
    }

    private void callAll(List<Call> calls, AdmissionRequest request) throws InterruptedException {
        if (calls.size() == 1) {
            call(calls.getFirst(), request);
            return;
        }
        List<FutureTask<Boolean>> tasks = new ArrayList<>();
        // What a webhook has to tell is collected one at a time.
        AdmissionRequest shared = request.synchronizedCall();
        for (Call one : calls) {
            FutureTask<Boolean> task =
                    new FutureTask<>(() -> {
                        call(one, shared);
                        return true;
                    });
            tasks.add(task);
            Thread.ofVirtual().name("webhook " + one.webhook().name()).start(task);
        }
        List<RuntimeException> refusals = new ArrayList<>();
        for (FutureTask<Boolean> task : tasks) {
            try {
                task.get();
            } catch (ExecutionException e) {
                refusals.add(
                        e.getCause() instanceof RuntimeException refusal
                                ? refusal
                                : new IllegalStateException(e.getCause()));
            }
        }
        if (!refusals.isEmpty()) {
            throw refusals.getFirst();
        }
    }

    /** Throws ApiException when the webhook denies, or fails and must not. */
    private void call(Call one, AdmissionRequest request) {
        try {
            review.ask(one.webhook(), request, one.seen());
        } catch (WebhookException e) {
            String message = "failed calling webhook \"" + one.webhook().name() + "\": " + e.text();
            if (!one.webhook().ignoresFailures()) {
                throw MutatingWebhooks.internal(message);
            }
            LOG.info("ignored by its failure policy: {}", message);
        }
    }
}
