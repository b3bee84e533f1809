package io.hypernetes.api.json;

/** Text that is no JSON, or JSON beyond our bounds; its text is worded as encoding/json does. */
final class JsonSyntaxException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String text;

    JsonSyntaxException(String text) {
        super(text);
        this.text = text;
    }

    JsonSyntaxException(String text, Throwable cause) {
        super(text, cause);
        this.text = text;
    }

    String text() {
        return text;
    }
}
