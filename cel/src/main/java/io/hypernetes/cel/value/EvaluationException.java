package io.hypernetes.cel.value;

/**
 * An expression that has no value: an error in CEL's sense, which {@code &&}, {@code ||} and
 * comprehensions may absorb. Without a stack, because it is an ordinary outcome.
 */
public class EvaluationException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public EvaluationException(String message) {
        super(message, null, false, false);
    }

    public static EvaluationException noSuchOverload() {
        return new EvaluationException("no such overload");
    }

    public static EvaluationException noSuchKey(Object key) {
        return new EvaluationException("no such key: " + key);
    }

    public String text() {
        String message = getMessage();
        return message == null ? "" : message;
    }
}
