package io.hypernetes.server.admission;

import io.hypernetes.server.admission.AdmissionRequest.Operation;

import java.util.concurrent.atomic.AtomicReference;

/** The witness of a registry: admission stands before there is a server with metrics. */
final class LateWitness implements AdmissionWitness {
    private final AtomicReference<AdmissionWitness> witness = new AtomicReference<>(NOBODY);

    void use(AdmissionWitness real) {
        witness.set(real);
    }

    @Override
    public void stepped(Step step, Operation operation, boolean rejected, long nanos) {
        witness.get().stepped(step, operation, rejected, nanos);
    }

    @Override
    public void rejected(String controller, Operation operation) {
        witness.get().rejected(controller, operation);
    }

    @Override
    public void asked(WebhookCall call, long nanos) {
        witness.get().asked(call, nanos);
    }
}
