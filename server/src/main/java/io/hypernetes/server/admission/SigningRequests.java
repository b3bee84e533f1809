package io.hypernetes.server.admission;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.certificates.Pkcs10;
import io.hypernetes.server.admission.AdmissionRequest.Operation;
import io.hypernetes.store.Compare;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * Only who has the right over a signer approves CertificateSigningRequests or signs for it; nobody
 * asks for {@code system:masters} (upstream's CertificateApproval, CertificateSigning and
 * CertificateSubjectRestriction). Who asked is {@link RequesterStamp}'s.
 */
final class SigningRequests implements AdmissionController {
    private static final String CLIENT_SIGNER = "kubernetes.io/kube-apiserver-client";

    @Override
    public List<Compare> validate(AdmissionRequest request) {
        if (!request.isFor(BuiltinTypes.CERTIFICATE_SIGNING_REQUESTS)
                || request.call().internal()) {
            return List.of();
        }
        String signer = request.object().path("spec").path("signerName").asString("");
        if (request.operation() == Operation.CREATE && asksForMasters(request.object(), signer)) {
            throw forbidden(
                    request,
                    "use of kubernetes.io/kube-apiserver-client signer with system:masters group"
                            + " is not allowed");
        }
        if (request.operation() == Operation.UPDATE) {
            if (request.subresource().equals("approval") && !may(request, "approve", signer)) {
                throw forbidden(
                        request,
                        "user not permitted to approve requests with signerName \"" + signer + '"');
            }
            if (request.subresource().equals("status")
                    && isSigned(request)
                    && !may(request, "sign", signer)) {
                throw forbidden(
                        request,
                        "user not permitted to sign requests with signerName \"" + signer + '"');
            }
        }
        return List.of();
    }

    private static boolean asksForMasters(ObjectNode request, String signer) {
        String pem = request.path("spec").path("request").asString("");
        return signer.equals(CLIENT_SIGNER) && Pkcs10.organizations(pem).contains(UserInfo.MASTERS);
    }

    private static boolean isSigned(AdmissionRequest request) {
        JsonNode now = request.object().path("status");
        JsonNode before = request.old().map(old -> old.path("status")).orElse(Json.object());
        return !Json.same(now.path("certificate"), before.path("certificate"))
                || failed(now) != failed(before);
    }

    private static boolean failed(JsonNode status) {
        for (JsonNode condition : status.path("conditions")) {
            if (condition.path("type").asString("").equals("Failed")) {
                return true;
            }
        }
        return false;
    }

    /** For this signer, or for all of its domain. */
    private static boolean may(AdmissionRequest request, String verb, String signer) {
        String domain = signer.contains("/") ? signer.substring(0, signer.indexOf('/')) : signer;
        for (String name : List.of(signer, domain + "/*")) {
            Attributes attributes =
                    new Attributes(
                            request.call().user(),
                            request.call().tenant(),
                            verb,
                            "certificates.k8s.io",
                            "*",
                            "signers",
                            "",
                            "",
                            name,
                            "");
            if (request.call().authorizer().authorize(attributes)
                    instanceof Authorizer.Decision.Allow) {
                return true;
            }
        }
        return false;
    }

    private static ApiException forbidden(AdmissionRequest request, String detail) {
        return ApiException.forbidden(request.type().id(), request.name(), detail);
    }
}
