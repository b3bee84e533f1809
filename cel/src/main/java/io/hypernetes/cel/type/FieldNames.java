package io.hypernetes.cel.type;

import io.hypernetes.api.names.CelWords;

import java.util.Optional;

/** Names of fields as CEL identifiers (KEP-2876): {@code a.b} is {@code a__dot__b}. */
public final class FieldNames {
    private FieldNames() {}

    /** Empty when no identifier can stand for the name; such a field does not exist in CEL. */
    public static Optional<String> escape(String name) {
        if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
            return Optional.empty();
        }
        if (CelWords.isReserved(name)) {
            return Optional.of("__" + name + "__");
        }
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c == '_' && i + 1 < name.length() && name.charAt(i + 1) == '_') {
                escaped.append("__underscores__");
                i++;
            } else if (c == '.') {
                escaped.append("__dot__");
            } else if (c == '-') {
                escaped.append("__dash__");
            } else if (c == '/') {
                escaped.append("__slash__");
            } else if (c == '_' || c < 0x80 && Character.isLetterOrDigit(c)) {
                escaped.append(c);
            } else {
                return Optional.empty();
            }
        }
        return Optional.of(escaped.toString());
    }
}
