package io.hypernetes.server.resource;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.server.http.Query;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The rules for a write's query: {@code CreateOptions}, {@code UpdateOptions}, {@code
 * PatchOptions}.
 */
final class WriteOptions {
    private WriteOptions() {}

    static void checkCreate(Query query) {
        refuse("CreateOptions", common(query, new ArrayList<>()));
    }

    static void checkUpdate(Query query) {
        refuse("UpdateOptions", common(query, new ArrayList<>()));
    }

    static void checkPatch(Query query, boolean apply) {
        List<FieldError> errors = new ArrayList<>();
        if (apply && query.get("fieldManager").isEmpty()) {
            errors.add(FieldError.required("fieldManager", "is required for apply patch"));
        } else if (!apply && query.has("force")) {
            errors.add(FieldError.forbidden("force", "may not be specified for non-apply patch"));
        }
        refuse("PatchOptions", common(query, errors));
    }

    private static List<FieldError> common(Query query, List<FieldError> errors) {
        String manager = query.get("fieldManager");
        if (manager.getBytes(StandardCharsets.UTF_8).length > FieldManagers.LONGEST) {
            errors.add(FieldError.tooLong("fieldManager", FieldManagers.LONGEST));
        }
        int position = 0;
        for (int c : manager.codePoints().toArray()) {
            if (!FieldManagers.isPrintable(c)) {
                errors.add(
                        FieldError.invalid(
                                "fieldManager",
                                "\"" + manager + "\"",
                                "invalid character U+%04X (at position %d)"
                                        .formatted(c, position)));
            }
            position += FieldManagers.utf8Length(c);
        }
        List<String> dryRun = query.all("dryRun");
        if (!dryRun.stream().allMatch("All"::equals)) {
            errors.add(
                    new FieldError(
                            "dryRun",
                            FieldError.Type.NOT_SUPPORTED,
                            "Unsupported value: "
                                    + quoted(dryRun)
                                    + ": supported values: \"All\""));
        }
        String validation = query.get("fieldValidation");
        if (!List.of("", "Ignore", "Strict", "Warn").contains(validation)) {
            errors.add(
                    FieldError.notSupported(
                            "fieldValidation",
                            validation,
                            List.of("", "Ignore", "Strict", "Warn")));
        }
        return errors;
    }

    /** As Go shows a list of texts. */
    private static String quoted(List<String> texts) {
        return texts.stream()
                .map(text -> "\"" + text + "\"")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static void refuse(String kind, List<FieldError> errors) {
        if (!errors.isEmpty()) {
            throw ApiException.invalid(
                    new GroupVersionKind("meta.k8s.io", "v1", kind), "", List.copyOf(errors));
        }
    }
}
