package io.hypernetes.server.admission;

import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.server.registry.WriteCall;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/**
 * A write, or a connection to something, that is about to happen: upstream's {@code
 * admission.Attributes}.
 *
 * @param type whose object, or whose object's subresource, is addressed
 * @param subresource empty for the object itself
 * @param kind of {@code object}: the type's own, or that of a subresource that is more than a part
 *     of its object ({@code policy/v1 Eviction}, {@code v1 PodExecOptions})
 * @param name empty for a creation that leaves its name to the server before it is made
 * @param object what will be stored; a mutating controller changes it in place. For a deletion, the
 *     object that goes; for a connection, its options.
 * @param old the stored object, empty for a creation and a connection
 * @param options the request's {@code CreateOptions}, {@code UpdateOptions} or {@code
 *     DeleteOptions}; an empty object for a connection
 * @param passes how often the mutating controllers run
 */
public record AdmissionRequest(
        WriteCall call,
        Operation operation,
        ResourceType type,
        String subresource,
        GroupVersionKind kind,
        String namespace,
        String name,
        ObjectNode object,
        Optional<ObjectNode> old,
        ObjectNode options,
        Passes passes) {
    /** What is done to the object. */
    public enum Operation {
        CREATE,
        UPDATE,
        DELETE,
        CONNECT
    }

    public static AdmissionRequest create(
            WriteCall call, ResourceType type, String namespace, ObjectNode object) {
        return of(
                call,
                Operation.CREATE,
                type,
                "",
                namespace,
                Metadata.name(object),
                object,
                Optional.empty(),
                call.options("CreateOptions"));
    }

    public static AdmissionRequest update(
            WriteCall call,
            ResourceType type,
            String subresource,
            String namespace,
            String name,
            ObjectNode object,
            ObjectNode old) {
        return of(
                call,
                Operation.UPDATE,
                type,
                subresource,
                namespace,
                name,
                object,
                Optional.of(old),
                call.options("UpdateOptions"));
    }

    public static AdmissionRequest delete(
            WriteCall call,
            ResourceType type,
            String namespace,
            String name,
            ObjectNode old,
            ObjectNode options) {
        return of(
                call, Operation.DELETE, type, "", namespace, name, old, Optional.of(old), options);
    }

    /** A subresource that is created, not stored: {@code pods/eviction}, {@code pods/binding}. */
    public static AdmissionRequest createSubresource(
            WriteCall call,
            ResourceType type,
            String subresource,
            GroupVersionKind kind,
            String namespace,
            String name,
            ObjectNode object) {
        return new AdmissionRequest(
                call,
                Operation.CREATE,
                type,
                subresource,
                kind,
                namespace,
                name,
                object,
                Optional.empty(),
                call.options("CreateOptions"),
                new Passes());
    }

    /**
     * @param kind of the options: {@code v1 PodExecOptions}
     * @param connectOptions the query as an object of that kind
     */
    public static AdmissionRequest connect(
            WriteCall call,
            ResourceType type,
            String subresource,
            GroupVersionKind kind,
            String namespace,
            String name,
            ObjectNode connectOptions) {
        return new AdmissionRequest(
                call,
                Operation.CONNECT,
                type,
                subresource,
                kind,
                namespace,
                name,
                connectOptions,
                Optional.empty(),
                io.hypernetes.api.json.Json.object(),
                new Passes());
    }

    private static AdmissionRequest of(
            WriteCall call,
            Operation operation,
            ResourceType type,
            String subresource,
            String namespace,
            String name,
            ObjectNode object,
            Optional<ObjectNode> old,
            ObjectNode options) {
        return new AdmissionRequest(
                call,
                operation,
                type,
                subresource,
                type.groupVersionKind(),
                namespace,
                name,
                object,
                old,
                options,
                new Passes());
    }

    /** The same for several threads: what they tell the caller comes one at a time. */
    public AdmissionRequest synchronizedCall() {
        return new AdmissionRequest(
                call.synchronizedTelling(),
                operation,
                type,
                subresource,
                kind,
                namespace,
                name,
                object,
                old,
                options,
                passes);
    }

    /** Whether {@code object} is of that type, written as a whole or in part. */
    public boolean isFor(ResourceType other) {
        return type.id().equals(other.id()) && kind.kind().equals(other.kind());
    }

    /** Whether an object is created or updated. */
    public boolean writes() {
        return operation == Operation.CREATE || operation == Operation.UPDATE;
    }

    public boolean creates(ResourceType other) {
        return operation == Operation.CREATE && subresource.isEmpty() && isFor(other);
    }

    public boolean updates(ResourceType other) {
        return operation == Operation.UPDATE && subresource.isEmpty() && isFor(other);
    }

    public boolean deletes(ResourceType other) {
        return operation == Operation.DELETE && subresource.isEmpty() && isFor(other);
    }

    public boolean connects(ResourceType other, String to) {
        return operation == Operation.CONNECT
                && subresource.equals(to)
                && type.id().equals(other.id());
    }
}
