package io.hypernetes.api.names;

import java.util.Set;

/** The words that the Common Expression Language keeps for itself: no identifier may be one. */
public final class CelWords {
    private static final Set<String> RESERVED =
            Set.of(
                    "true",
                    "false",
                    "null",
                    "in",
                    "as",
                    "break",
                    "const",
                    "continue",
                    "else",
                    "for",
                    "function",
                    "if",
                    "import",
                    "let",
                    "loop",
                    "package",
                    "namespace",
                    "return",
                    "var",
                    "void",
                    "while");

    private CelWords() {}

    public static boolean isReserved(String word) {
        return RESERVED.contains(word);
    }
}
