package io.hypernetes.runtime.agent;

/**
 * @param message what happened, for people
 * @param httpStatus what an HTTP server answered; 0 when none did
 */
public record ProbeResult(boolean success, String message, int httpStatus) {
    public ProbeResult(boolean success, String message) {
        this(success, message, 0);
    }
}
