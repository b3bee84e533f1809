package io.hypernetes.api;

/** What a parser may throw at a stranger's bytes. */
public final class Refusals {
    private Refusals() {}

    /** Of the client's making: a 4xx. */
    public static boolean isOfTheClient(Throwable thrown) {
        return thrown instanceof ApiException refusal
                && refusal.status().code() >= 400
                && refusal.status().code() < 500;
    }
}
