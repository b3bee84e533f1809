package io.hypernetes.api.access;

/** Decides whether a request may be done. Denies by default. */
public interface Authorizer {

    /** The closed set of answers. */
    sealed interface Decision {
        /** Yes; {@code reason} tells which rule, for the audit. */
        record Allow(String reason) implements Decision {}

        /** No, whatever others say. */
        record Deny(String reason) implements Decision {}

        /** Does not know; the next authorizer is asked, and after the last it is a no. */
        record NoOpinion(String reason) implements Decision {}
    }

    Decision authorize(Attributes attributes);
}
