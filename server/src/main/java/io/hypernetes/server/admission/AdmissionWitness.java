package io.hypernetes.server.admission;

import io.hypernetes.server.admission.AdmissionRequest.Operation;

/** Sees how long admission takes, and who refuses. Called by many threads. */
public interface AdmissionWitness {
    /** For those who need not know. */
    AdmissionWitness NOBODY =
            new AdmissionWitness() {
                @Override
                public void stepped(Step step, Operation operation, boolean rejected, long nanos) {}

                @Override
                public void rejected(String controller, Operation operation) {}

                @Override
                public void asked(WebhookCall call, long nanos) {}
            };

    /** The two passes through all controllers. */
    enum Step {
        ADMIT,
        VALIDATE
    }

    /** How a webhook's answer is to be read, in upstream's words. */
    enum Outcome {
        ALLOWED,
        DENIED,
        /** It could not be reached, or said something else than an answer. */
        FAILED,
        /** The same, and its policy lets the request pass. */
        IGNORED
    }

    /**
     * A question to a webhook. Its name is the tenant's and not told: how many figures there are
     * must not depend on what tenants do.
     *
     * @param code of the denial, 200 where it allowed, 0 where it did not answer
     */
    record WebhookCall(
            Step step, Operation operation, String tenantClass, Outcome outcome, int code) {}

    /** All controllers have been asked, or one has refused. */
    void stepped(Step step, Operation operation, boolean rejected, long nanos);

    /**
     * @param controller its name
     */
    void rejected(String controller, Operation operation);

    void asked(WebhookCall call, long nanos);
}
