package io.hypernetes.cel;

import dev.cel.common.CelIssue;
import dev.cel.common.CelSource;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.CelValidationException;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The compiler's errors in the words of cel-go, which clients of Kubernetes know. */
final class CompilerMessages {
    private static final Pattern CANDIDATES = Pattern.compile(" \\(candidates: .*\\)$");
    private static final Pattern SYNTAX =
            Pattern.compile(
                    "^(mismatched input|extraneous input|no viable alternative|missing |token"
                            + " recognition error)");

    private static final String NO_FIELD = "invalid argument to has() macro";

    /** As cel-go's. */
    private static final int MOST_ERRORS = 100;

    /** Characters of an expression that is shown beside each of its errors. */
    private static final int LONGEST_SHOWN = 16 * 1024;

    private CompilerMessages() {}

    static String of(CelValidationException e) {
        return e.getErrors().isEmpty()
                ? String.valueOf(e.getMessage())
                : of(e.getErrors(), e.getSource());
    }

    /**
     * Expressions are strangers' bytes: neither all errors of a long one nor all of it are shown.
     */
    static String of(List<CelIssue> errors, CelSource source) {
        boolean shown = source.getContent().size() <= LONGEST_SHOWN;
        String all =
                errors.stream()
                        .limit(MOST_ERRORS)
                        .map(issue -> of(issue, source, shown))
                        .collect(Collectors.joining("\n"));
        int more = errors.size() - MOST_ERRORS;
        return more > 0 ? all + "\n" + more + " more errors were truncated" : all;
    }

    private static String of(CelIssue issue, CelSource source, boolean shown) {
        String message = CANDIDATES.matcher(issue.getMessage()).replaceFirst("");
        if (message.startsWith("For input string: ")) {
            message = "invalid int literal";
        }
        if (SYNTAX.matcher(message).find()) {
            message = "Syntax error: " + message;
        }
        CelSourceLocation at = issue.getSourceLocation();
        if (message.equals(NO_FIELD)) {
            // cel-go tells where the argument is, not its parenthesis.
            at = CelSourceLocation.of(at.getLine(), at.getColumn() + 1);
        }
        return shown
                ? CelIssue.formatError(at, message).toDisplayString(source)
                : "ERROR: %s:%d:%d: %s"
                        .formatted(
                                source.getDescription(), at.getLine(), at.getColumn() + 1, message);
    }
}
