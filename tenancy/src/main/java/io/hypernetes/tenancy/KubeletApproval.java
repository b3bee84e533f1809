package io.hypernetes.tenancy;

import io.hypernetes.api.Tenant;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.PkiException;
import io.hypernetes.identity.pki.SigningRequest;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Which requests for a kubelet's client certificate need nobody's word: a node's that renews its
 * own, and a bootstrapping node's for its first (what kubeadm allows by its bindings of {@code
 * nodeclient} and {@code selfnodeclient}). Who asks is stamped by the server; nodes are the
 * operator's alone.
 */
final class KubeletApproval {
    private static final String SIGNER = "kubernetes.io/kube-apiserver-client-kubelet";
    private static final String BOOTSTRAPPERS = "system:bootstrappers";
    private static final Set<String> USAGES = Set.of("digital signature", "client auth");
    private static final String OLD_USAGE = "key encipherment";

    private KubeletApproval() {}

    /**
     * @return why a request is approved, in upstream's words; empty for all that somebody must
     *     decide
     */
    static Optional<String> reason(Tenant tenant, JsonNode request) {
        JsonNode spec = request.path("spec");
        if (!tenant.isSystem()
                || !spec.path("signerName").asString("").equals(SIGNER)
                || !usages(spec).equals(USAGES)) {
            return Optional.empty();
        }
        Optional<String> node = node(spec);
        if (node.isEmpty()) {
            return Optional.empty();
        }
        Set<String> groups = texts(spec.path("groups"));
        if (groups.contains(CertificateAuthority.NODES_GROUP)
                && node.get().equals(spec.path("username").asString(""))) {
            return Optional.of(
                    "Auto approving self kubelet client certificate after SubjectAccessReview.");
        }
        return groups.contains(BOOTSTRAPPERS)
                ? Optional.of(
                        "Auto approving kubelet client certificate after SubjectAccessReview.")
                : Optional.empty();
    }

    private static Set<String> usages(JsonNode spec) {
        Set<String> usages = texts(spec.path("usages"));
        usages.remove(OLD_USAGE);
        return usages;
    }

    /** The node that the certificate would be, if it would be one and nothing else. */
    private static Optional<String> node(JsonNode spec) {
        try {
            String pem =
                    new String(
                            Base64.getMimeDecoder().decode(spec.path("request").asString("")),
                            StandardCharsets.US_ASCII);
            SigningRequest request = SigningRequest.parse(pem);
            return request.organizations().equals(List.of(CertificateAuthority.NODES_GROUP))
                            && request.hosts().isEmpty()
                            && request.commonName().startsWith(CertificateAuthority.NODE_USER)
                    ? Optional.of(request.commonName())
                    : Optional.empty();
        } catch (PkiException | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private static Set<String> texts(JsonNode array) {
        Set<String> texts = new HashSet<>();
        array.forEach(text -> texts.add(text.asString("")));
        return texts;
    }
}
