package io.hypernetes.api;

import io.hypernetes.api.Status.Cause;
import io.hypernetes.api.Status.Details;
import io.hypernetes.api.Status.Reason;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The one exception of the API path: it carries the {@link Status} that the client gets. */
public final class ApiException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient Status status;

    public ApiException(Status status) {
        super(status.message());
        this.status = status;
    }

    public ApiException(Status status, Throwable cause) {
        super(status.message(), cause);
        this.status = status;
    }

    public Status status() {
        return status;
    }

    public boolean is(Reason reason) {
        return status.reason() == reason;
    }

    /** Whether one of the details of the status gives this as its reason. */
    public boolean hasCause(String reason) {
        return status.details().stream()
                .flatMap(details -> details.causes().stream())
                .anyMatch(cause -> cause.reason().equals(reason));
    }

    public static ApiException of(Reason reason, String message) {
        return new ApiException(Status.of(reason, message));
    }

    /** Told to come again after a while: a 429 or 503 with {@code Retry-After}. */
    public static ApiException retryAfter(Reason reason, String message, int seconds) {
        return new ApiException(
                new Status(
                        reason.code(),
                        reason,
                        message,
                        Optional.of(new Details("", "", "", "", List.of(), seconds))));
    }

    public static ApiException badRequest(String message) {
        return of(Reason.BAD_REQUEST, message);
    }

    public static ApiException notFound(GroupResource resource, String name) {
        return about(Reason.NOT_FOUND, resource, name, resource + " \"" + name + "\" not found");
    }

    public static ApiException methodNotSupported(GroupResource resource, String verb) {
        return about(
                Reason.METHOD_NOT_ALLOWED,
                resource,
                "",
                verb + " is not supported on resources of kind \"" + resource + "\"");
    }

    public static ApiException alreadyExists(GroupResource resource, String name) {
        return about(
                Reason.ALREADY_EXISTS,
                resource,
                name,
                resource + " \"" + name + "\" already exists");
    }

    public static ApiException conflict(GroupResource resource, String name, String detail) {
        return about(
                Reason.CONFLICT,
                resource,
                name,
                "Operation cannot be fulfilled on " + resource + " \"" + name + "\": " + detail);
    }

    /** An update that carried an old resourceVersion. */
    public static ApiException staleVersion(GroupResource resource, String name) {
        return conflict(
                resource,
                name,
                "the object has been modified; please apply your changes to the latest version and"
                        + " try again");
    }

    public static ApiException forbidden(GroupResource resource, String name, String detail) {
        return about(
                Reason.FORBIDDEN,
                resource,
                name,
                resource
                        + (name.isEmpty() ? "" : " \"" + name + "\"")
                        + " is forbidden: "
                        + detail);
    }

    /** Wording of apimachinery's {@code NewInvalid}. */
    public static ApiException invalid(
            GroupVersionKind kind, String name, List<FieldError> errors) {
        // The sentence tells nothing twice; the causes do.
        List<String> told = errors.stream().map(FieldError::toString).distinct().toList();
        String text =
                told.size() == 1
                        ? told.getFirst()
                        : told.stream().collect(Collectors.joining(", ", "[", "]"));
        String qualified = kind.group().isEmpty() ? kind.kind() : kind.kind() + "." + kind.group();
        List<Cause> causes =
                errors.stream()
                        .map(e -> new Cause(e.type().reason(), e.message(), e.field()))
                        .toList();
        return new ApiException(
                new Status(
                        Reason.INVALID.code(),
                        Reason.INVALID,
                        qualified + " \"" + name + "\" is invalid: " + text,
                        Optional.of(new Details(name, kind.group(), kind.kind(), "", causes, 0))));
    }

    private static ApiException about(
            Reason reason, GroupResource resource, String name, String message) {
        return new ApiException(
                new Status(
                        reason.code(),
                        reason,
                        message,
                        Optional.of(
                                new Details(
                                        name,
                                        resource.group(),
                                        resource.resource(),
                                        "",
                                        List.of(),
                                        0))));
    }
}
