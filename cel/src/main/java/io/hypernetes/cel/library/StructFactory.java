package io.hypernetes.cel.library;

import io.hypernetes.cel.value.EvaluationException;

import java.util.Map;

/** Makes the values of {@code Type{field: value}} expressions. */
@FunctionalInterface
public interface StructFactory {
    StructFactory NONE =
            (type, fields) -> {
                throw new EvaluationException("unknown type: " + type);
            };

    /** Throws EvaluationException. */
    Object make(String type, Map<Object, Object> fields);
}
