package io.hypernetes.cel;

import dev.cel.common.CelIssue;
import dev.cel.common.CelSource;
import dev.cel.common.CelValidationException;

import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The compiler's errors in the words of cel-go, which clients of Kubernetes know. */
final class CompilerMessages {
    private static final Pattern CANDIDATES = Pattern.compile(" \\(candidates: .*\\)$");
    private static final Pattern SYNTAX =
            Pattern.compile(
                    "^(mismatched input|extraneous input|no viable alternative|missing |token"
                            + " recognition error)");

    private CompilerMessages() {}

    static String of(CelValidationException e) {
        if (e.getErrors().isEmpty()) {
            return String.valueOf(e.getMessage());
        }
        return e.getErrors().stream()
                .map(issue -> of(issue, e.getSource()))
                .collect(Collectors.joining("\n"));
    }

    private static String of(CelIssue issue, CelSource source) {
        String message = CANDIDATES.matcher(issue.getMessage()).replaceFirst("");
        if (SYNTAX.matcher(message).find()) {
            message = "Syntax error: " + message;
        }
        return CelIssue.formatError(issue.getSourceLocation(), message).toDisplayString(source);
    }
}
