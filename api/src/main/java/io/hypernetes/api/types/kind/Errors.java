package io.hypernetes.api.types.kind;

import io.hypernetes.api.FieldError;

import java.util.ArrayList;
import java.util.List;

/** The errors found in one object; lives for one validation. */
public final class Errors {

    /** Where what is wrong is not told. Shared by all, for it keeps nothing. */
    static final Errors UNHEARD = new Errors(false);

    private final List<FieldError> found = new ArrayList<>();
    private final boolean heard;

    public Errors() {
        this(true);
    }

    private Errors(boolean heard) {
        this.heard = heard;
    }

    public void add(FieldError error) {
        if (heard) {
            found.add(error);
        }
    }

    public void addAll(List<FieldError> errors) {
        if (heard) {
            found.addAll(errors);
        }
    }

    public void required(String field, String detail) {
        add(FieldError.required(field, detail));
    }

    public void forbidden(String field, String detail) {
        add(FieldError.forbidden(field, detail));
    }

    public void invalidText(String field, String value, String detail) {
        add(FieldError.invalidText(field, value, detail));
    }

    public void invalid(String field, Object value, String detail) {
        add(FieldError.invalid(field, value.toString(), detail));
    }

    /** One error for each sentence of {@link io.hypernetes.api.names.Names}. */
    public void form(String field, String value, List<String> sentences) {
        sentences.forEach(sentence -> invalidText(field, value, sentence));
    }

    public void oneOf(String field, String value, List<String> supported) {
        if (!supported.contains(value)) {
            add(FieldError.notSupported(field, value, supported));
        }
    }

    public int count() {
        return found.size();
    }

    public List<FieldError> all() {
        return List.copyOf(found);
    }
}
