package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Cause;
import io.hypernetes.api.Status.Details;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.admission.AdmissionRequest.Operation;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;
import io.hypernetes.store.Compare;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Nothing is created in a namespace that is missing or going, and the namespaces that every world
 * has stay. The condition it returns closes the gap between the look and the write, which upstream
 * leaves open.
 */
final class NamespaceLifecycle implements AdmissionController {
    private static final Set<String> IMMORTAL = Set.of("default", "kube-system", "kube-public");

    private final Reads reads;

    NamespaceLifecycle(Reads reads) {
        this.reads = reads;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() == Operation.CREATE && request.type().namespaced()) {
            open(request);
        }
    }

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        // A tenant that goes takes its namespaces along, these too.
        if (request.deletes(BuiltinTypes.NAMESPACES)
                && IMMORTAL.contains(request.name())
                && !request.call().internal()) {
            throw ApiException.forbidden(
                    request.type().id(), request.name(), "this namespace may not be deleted");
        }
        if (request.operation() == Operation.CREATE && request.type().namespaced()) {
            Served namespace = open(request);
            return List.of(new Compare.AtRevision(namespace.path().key(), namespace.revision()));
        }
        return List.of();
    }

    private Served open(AdmissionRequest request) {
        GroupResource namespaces = BuiltinTypes.NAMESPACES.id();
        Optional<Served> namespace =
                reads.find(
                        BuiltinTypes.NAMESPACES, request.call().tenant(), "", request.namespace());
        if (namespace.isEmpty()) {
            throw ApiException.notFound(namespaces, request.namespace());
        }
        if (Metadata.isBeingDeleted(namespace.get().tree())) {
            throw terminating(request);
        }
        return namespace.get();
    }

    private static ApiException terminating(AdmissionRequest request) {
        GroupResource resource = request.type().id();
        String detail =
                "unable to create new content in namespace "
                        + request.namespace()
                        + " because it is being terminated";
        String about = request.name().isEmpty() ? "" : " \"" + request.name() + "\"";
        return new ApiException(
                new Status(
                        Reason.FORBIDDEN.code(),
                        Reason.FORBIDDEN,
                        resource + about + " is forbidden: " + detail,
                        Optional.of(
                                new Details(
                                        request.name(),
                                        resource.group(),
                                        resource.resource(),
                                        "",
                                        List.of(
                                                new Cause(
                                                        Cause.NAMESPACE_TERMINATING,
                                                        "namespace "
                                                                + request.namespace()
                                                                + " is being terminated",
                                                        "metadata.namespace")),
                                        0))));
    }
}
