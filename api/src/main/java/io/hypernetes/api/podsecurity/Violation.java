package io.hypernetes.api.podsecurity;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One check that a pod does not pass.
 *
 * @param reason a few words
 * @param detail which containers, which values
 */
public record Violation(String reason, String detail) {

    /** All of them with their details, as a refusal says it. */
    public static String details(List<Violation> violations) {
        return violations.stream()
                .map(v -> v.detail().isEmpty() ? v.reason() : v.reason() + " (" + v.detail() + ")")
                .collect(Collectors.joining(", "));
    }

    /** The reasons alone. */
    public static String reasons(List<Violation> violations) {
        return violations.stream().map(Violation::reason).collect(Collectors.joining(", "));
    }

    static String quoted(Collection<String> names) {
        return names.stream().map(n -> '"' + n + '"').collect(Collectors.joining(", "));
    }

    static String counted(String singular, String plural, Collection<String> things) {
        return (things.size() == 1 ? singular : plural) + " " + quoted(things);
    }

    static String containers(Collection<String> names) {
        return counted("container", "containers", names);
    }
}
