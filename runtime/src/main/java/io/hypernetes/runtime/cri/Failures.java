package io.hypernetes.runtime.cri;

import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.hypernetes.runtime.agent.AgentException;
import io.hypernetes.runtime.image.ImageException;
import io.hypernetes.runtime.vm.VmException;

import java.io.UncheckedIOException;

/** What a caller of the CRI is told when something fails. */
final class Failures {

    private Failures() {}

    static StatusRuntimeException notFound(String what, String id) {
        return Status.NOT_FOUND
                .withDescription("there is no " + what + " '" + id + "'")
                .asRuntimeException();
    }

    static StatusRuntimeException invalid(String message) {
        return Status.INVALID_ARGUMENT.withDescription(message).asRuntimeException();
    }

    static StatusRuntimeException exists(String message) {
        return Status.ALREADY_EXISTS.withDescription(message).asRuntimeException();
    }

    static StatusRuntimeException precondition(String message) {
        return Status.FAILED_PRECONDITION.withDescription(message).asRuntimeException();
    }

    static StatusRuntimeException unimplemented(String message) {
        return Status.UNIMPLEMENTED.withDescription(message).asRuntimeException();
    }

    /** The status that says what this failure is. */
    static Status status(Throwable failure) {
        return switch (failure) {
            case StatusRuntimeException e -> e.getStatus();
            case StatusException e -> e.getStatus();
            case ImageException e -> with(code(e.reason()), e);
            case AgentException e -> with(code(e.reason()), e);
            case VmException e -> with(Status.UNAVAILABLE, e);
            case IllegalArgumentException e -> with(Status.INVALID_ARGUMENT, e);
            case UncheckedIOException e -> with(Status.INTERNAL, e);
            case InterruptedException e -> with(Status.CANCELLED, e);
            default ->
                    Status.INTERNAL
                            .withDescription("the runtime failed: " + failure)
                            .withCause(failure);
        };
    }

    private static Status with(Status status, Throwable failure) {
        return status.withDescription(failure.getMessage()).withCause(failure);
    }

    private static Status code(ImageException.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> Status.NOT_FOUND;
            case UNAUTHORIZED -> Status.PERMISSION_DENIED;
            case INVALID -> Status.INVALID_ARGUMENT;
            case TOO_LARGE -> Status.RESOURCE_EXHAUSTED;
            case UNAVAILABLE -> Status.UNAVAILABLE;
            case NODE -> Status.INTERNAL;
        };
    }

    private static Status code(AgentException.Reason reason) {
        return switch (reason) {
            case NOT_FOUND -> Status.NOT_FOUND;
            case CONFLICT, NOT_EXECUTABLE -> Status.FAILED_PRECONDITION;
            case INVALID -> Status.INVALID_ARGUMENT;
            case FAILED -> Status.INTERNAL;
            case TIMEOUT -> Status.DEADLINE_EXCEEDED;
            case LOST -> Status.UNAVAILABLE;
        };
    }
}
