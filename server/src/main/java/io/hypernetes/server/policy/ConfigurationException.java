package io.hypernetes.server.policy;

/** A policy or binding that cannot be evaluated as it stands. */
final class ConfigurationException extends Exception {
    private static final long serialVersionUID = 1;

    private final String text;

    ConfigurationException(String message) {
        super(message);
        text = message;
    }

    String text() {
        return text;
    }
}
