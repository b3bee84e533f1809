package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.FieldError;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.admission.AdmissionRequest.Operation;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.store.Compare;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Optional;

/**
 * Devices that others use are looked into only from namespaces that a label opens for it
 * (KEP-5018). What is asked for never changes, so it is checked when it is first asked for.
 */
final class DeviceAdminAccess implements AdmissionController {
    private static final String LABEL = "resource.kubernetes.io/admin-access";

    private final Reads reads;

    DeviceAdminAccess(Reads reads) {
        this.reads = reads;
    }

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        Optional<String> asked = asked(request);
        if (asked.isPresent() && !isOpen(request)) {
            throw ApiException.invalid(
                    request.type().groupVersionKind(),
                    request.name(),
                    List.of(
                            FieldError.forbidden(
                                    asked.get(),
                                    "admin access to devices requires the `"
                                            + LABEL
                                            + ": true` label on the containing namespace")));
        }
        return List.of();
    }

    /** The path of the first field that asks; empty when none does, or did before. */
    private static Optional<String> asked(AdmissionRequest request) {
        boolean claim = request.isFor(BuiltinTypes.RESOURCE_CLAIMS);
        if (claim && request.subresource().equals("status")) {
            Optional<String> before = request.old().flatMap(DeviceAdminAccess::granted);
            return before.isPresent() ? Optional.empty() : granted(request.object());
        }
        if (request.operation() != Operation.CREATE || !request.subresource().isEmpty()) {
            return Optional.empty();
        }
        if (claim) {
            return requested(request.object().path("spec"));
        }
        return request.isFor(BuiltinTypes.RESOURCE_CLAIM_TEMPLATES)
                ? requested(request.object().path("spec").path("spec"))
                : Optional.empty();
    }

    /** As upstream, a template's path is told as if it were the claim. */
    private static Optional<String> requested(JsonNode spec) {
        JsonNode requests = spec.path("devices").path("requests");
        for (int i = 0; i < requests.size(); i++) {
            if (requests.path(i).path("exactly").path("adminAccess").asBoolean(false)) {
                return Optional.of("spec.devices.requests[" + i + "].adminAccess");
            }
        }
        return Optional.empty();
    }

    private static Optional<String> granted(JsonNode claim) {
        JsonNode results = claim.at("/status/allocation/devices/results");
        for (int i = 0; i < results.size(); i++) {
            if (results.path(i).path("adminAccess").asBoolean(false)) {
                return Optional.of("status.allocation.devices.results[" + i + "].adminAccess");
            }
        }
        return Optional.empty();
    }

    private boolean isOpen(AdmissionRequest request) {
        return reads.find(BuiltinTypes.NAMESPACES, request.call().tenant(), "", request.namespace())
                .filter(namespace -> Metadata.label(namespace.tree(), LABEL).equals("true"))
                .isPresent();
    }
}
