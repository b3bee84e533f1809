package io.hypernetes.server.admission;

import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.admission.AdmissionRequest.Operation;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * Writes into a CertificateSigningRequest who asks: signers and approvers rely on it, so it is
 * never believed from the client, and comes after everything else that changes objects. An update
 * cannot change it, as it cannot change any of the spec.
 */
final class RequesterStamp implements AdmissionController {
    @Override
    public void mutate(AdmissionRequest request) {
        if (request.operation() == Operation.CREATE
                && request.isFor(BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS)
                && request.object().get("spec") instanceof ObjectNode spec) {
            stamp(spec, request.call().user());
        }
    }

    private static void stamp(ObjectNode spec, UserInfo user) {
        spec.remove(List.of("username", "uid", "groups", "extra"));
        spec.put("username", user.name());
        if (!user.uid().isEmpty()) {
            spec.put("uid", user.uid());
        }
        if (!user.groups().isEmpty()) {
            user.groups().forEach(spec.putArray("groups")::add);
        }
        if (!user.extra().isEmpty()) {
            ObjectNode extra = spec.putObject("extra");
            user.extra().forEach((key, values) -> values.forEach(extra.putArray(key)::add));
        }
    }
}
