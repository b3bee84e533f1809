package io.hypernetes.api.types;

import io.hypernetes.api.FieldError;

import java.util.ArrayList;
import java.util.List;

/** The errors found in one object; lives for one validation. */
final class Errors {

    private final List<FieldError> found = new ArrayList<>();

    void add(FieldError error) {
        found.add(error);
    }

    void addAll(List<FieldError> errors) {
        found.addAll(errors);
    }

    void required(String field, String detail) {
        add(FieldError.required(field, detail));
    }

    void forbidden(String field, String detail) {
        add(FieldError.forbidden(field, detail));
    }

    void invalidText(String field, String value, String detail) {
        add(FieldError.invalidText(field, value, detail));
    }

    void invalid(String field, Object value, String detail) {
        add(FieldError.invalid(field, value.toString(), detail));
    }

    /** One error for each sentence of {@link io.hypernetes.api.names.Names}. */
    void form(String field, String value, List<String> sentences) {
        sentences.forEach(sentence -> invalidText(field, value, sentence));
    }

    void oneOf(String field, String value, List<String> supported) {
        if (!supported.contains(value)) {
            add(FieldError.notSupported(field, value, supported));
        }
    }

    List<FieldError> all() {
        return List.copyOf(found);
    }
}
