package io.hypernetes.server.webhook;

/** A webhook that could not be asked, or whose answer is none. */
final class WebhookException extends Exception {
    private static final long serialVersionUID = 1;

    private final String text;

    WebhookException(String message) {
        super(message);
        text = message;
    }

    String text() {
        return text;
    }
}
