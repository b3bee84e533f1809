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
 * Which requests of nodes need nobody's word: for the client certificate of a node that renews its
 * own, or of a bootstrapping one for its first (what kubeadm allows by its bindings of {@code
 * nodeclient} and {@code selfnodeclient}), and a node's own for its server and for the databases of
 * networks. Who asks is stamped by the server; nodes are the operator's alone.
 *
 * <p>A node's server has a name that nothing else has. Upstream leaves the approval of such
 * certificates to others, as a node could ask for any address there.
 */
final class KubeletApproval {
    private static final String CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
    private static final String SERVING = "kubernetes.io/kubelet-serving";
    private static final String BOOTSTRAPPERS = "system:bootstrappers";
    private static final Set<String> CLIENT_USAGES = Set.of("digital signature", "client auth");
    private static final Set<String> SERVER_USAGES = Set.of("digital signature", "server auth");
    private static final String OLD_USAGE = "key encipherment";

    private KubeletApproval() {}

    /**
     * @return why a request is approved, in upstream's words; empty for all that somebody must
     *     decide
     */
    static Optional<String> reason(Tenant tenant, JsonNode request) {
        JsonNode spec = request.path("spec");
        if (!tenant.isSystem()) {
            return Optional.empty();
        }
        Set<String> usages = texts(spec.path("usages"));
        usages.remove(OLD_USAGE);
        return switch (spec.path("signerName").asString("")) {
            case CLIENT -> usages.equals(CLIENT_USAGES) ? client(spec) : Optional.empty();
            case SERVING ->
                    usages.equals(SERVER_USAGES)
                            ? own(spec, KubeletApproval::isServer)
                            : Optional.empty();
            case Signers.NETWORK ->
                    usages.equals(CLIENT_USAGES)
                            ? own(spec, KubeletApproval::isOfNetworks)
                            : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Optional<String> client(JsonNode spec) {
        Optional<SigningRequest> asked =
                read(spec).filter(KubeletApproval::isNode).filter(r -> r.hosts().isEmpty());
        if (asked.isEmpty()) {
            return Optional.empty();
        }
        if (isNodeItself(spec) && asked.get().commonName().equals(user(spec))) {
            return Optional.of(
                    "Auto approving self kubelet client certificate after SubjectAccessReview.");
        }
        return texts(spec.path("groups")).contains(BOOTSTRAPPERS)
                ? Optional.of(
                        "Auto approving kubelet client certificate after SubjectAccessReview.")
                : Optional.empty();
    }

    private interface Fit {
        boolean fits(SigningRequest request, String user);
    }

    private static Optional<String> own(JsonNode spec, Fit fit) {
        return isNodeItself(spec) && read(spec).filter(r -> fit.fits(r, user(spec))).isPresent()
                ? Optional.of("Auto approving a node's certificate for itself.")
                : Optional.empty();
    }

    private static boolean isServer(SigningRequest request, String user) {
        return isNode(request)
                && request.commonName().equals(user)
                && request.hosts().equals(List.of(CertificateAuthority.nodeHost(name(user))));
    }

    private static boolean isOfNetworks(SigningRequest request, String user) {
        return request.commonName().equals(name(user))
                && request.organizations().isEmpty()
                && request.hosts().isEmpty();
    }

    private static String name(String user) {
        return user.substring(CertificateAuthority.NODE_USER.length());
    }

    private static String user(JsonNode spec) {
        return spec.path("username").asString("");
    }

    private static boolean isNodeItself(JsonNode spec) {
        return user(spec).startsWith(CertificateAuthority.NODE_USER)
                && texts(spec.path("groups")).contains(CertificateAuthority.NODES_GROUP);
    }

    private static boolean isNode(SigningRequest request) {
        return request.organizations().equals(List.of(CertificateAuthority.NODES_GROUP))
                && request.commonName().startsWith(CertificateAuthority.NODE_USER);
    }

    private static Optional<SigningRequest> read(JsonNode spec) {
        try {
            String pem =
                    new String(
                            Base64.getMimeDecoder().decode(spec.path("request").asString("")),
                            StandardCharsets.US_ASCII);
            return Optional.of(SigningRequest.parse(pem));
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
