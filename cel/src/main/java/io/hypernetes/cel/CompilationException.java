package io.hypernetes.cel;

/** An expression that is none, or has the wrong type; the message is Kubernetes'. */
public final class CompilationException extends Exception {
    private static final long serialVersionUID = 1;

    private final String text;

    public CompilationException(String message) {
        super(message, null, false, false);
        text = message;
    }

    public String text() {
        return text;
    }
}
