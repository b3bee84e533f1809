package io.hypernetes.tenancy;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.PkiException;
import io.hypernetes.identity.pki.SigningRequest;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What each of Kubernetes' signers signs here. A certificate that is signed in a tenant's world is
 * good for that tenant alone, whatever was asked for: it carries {@code O=tenant:NAME}.
 */
final class Signers {
    private static final String CLIENT = "kubernetes.io/kube-apiserver-client";
    private static final String KUBELET_CLIENT = "kubernetes.io/kube-apiserver-client-kubelet";
    private static final String KUBELET_SERVING = "kubernetes.io/kubelet-serving";
    static final String NETWORK = "hypernetes.io/network";
    private static final String LEGACY = "kubernetes.io/legacy-unknown";

    private static final long YEAR = 365L * 24 * 3600;
    private static final Set<String> CLIENT_USAGES =
            Set.of("digital signature", "key encipherment", "client auth");
    private static final Set<String> SERVER_USAGES =
            Set.of("digital signature", "key encipherment", "server auth");

    private final CertificateAuthority authority;

    Signers(CertificateAuthority authority) {
        this.authority = authority;
    }

    boolean isOurs(String signer) {
        return Set.of(CLIENT, KUBELET_CLIENT, KUBELET_SERVING, NETWORK, LEGACY).contains(signer);
    }

    /**
     * @return the certificate as PEM
     * @throws PkiException that says why the signer does not sign this
     */
    String sign(Tenant tenant, JsonNode object) {
        JsonNode spec = object.path("spec");
        String pem =
                new String(
                        Base64.getMimeDecoder().decode(spec.path("request").asString("")),
                        StandardCharsets.US_ASCII);
        SigningRequest request = SigningRequest.parse(pem);
        Set<String> usages = new HashSet<>();
        spec.path("usages").forEach(usage -> usages.add(usage.asString("")));
        Duration life = Duration.ofSeconds(spec.path("expirationSeconds").asLong(YEAR));
        String signer = spec.path("signerName").asString("");
        if (!tenant.isSystem()) {
            return ofTenant(tenant, signer, request, usages, life);
        }
        refuseIf(
                request.organizations().contains(UserInfo.MASTERS),
                "subject organization system:masters is never signed");
        refuseIf(
                request.organizations().stream()
                        .anyMatch(o -> o.startsWith(CertificateAuthority.TENANT_ORGANIZATION)),
                "a tenant's certificates are signed in the tenant's own world");
        return switch (signer) {
            case KUBELET_CLIENT -> {
                requireNode(request);
                refuseIf(!request.hosts().isEmpty(), "DNS and IP SANs are not allowed");
                yield client(request, usages, life);
            }
            case KUBELET_SERVING -> {
                requireNode(request);
                refuseIf(request.hosts().isEmpty(), "DNS or IP subjectAltName is required");
                requireUsages(usages, SERVER_USAGES, "server auth");
                yield authority.signServer(
                        request.commonName(),
                        request.organizations(),
                        request.key(),
                        request.hosts(),
                        life);
            }
            case NETWORK -> {
                refuseIf(
                        !(CertificateAuthority.NODE_USER + request.commonName())
                                .equals(spec.path("username").asString("")),
                        "a node asks for its own name");
                requireUsages(usages, CLIENT_USAGES, "client auth");
                yield authority
                        .networkAuthority()
                        .signClient(request.commonName(), List.of(), request.key(), life);
            }
            case LEGACY ->
                    usages.contains("server auth")
                            ? authority.signServer(
                                    request.commonName(),
                                    request.organizations(),
                                    request.key(),
                                    request.hosts(),
                                    life)
                            : client(request, usages, life);
            default -> client(request, usages, life);
        };
    }

    private String client(SigningRequest request, Set<String> usages, Duration life) {
        requireUsages(usages, CLIENT_USAGES, "client auth");
        return authority.signClient(
                request.commonName(), request.organizations(), request.key(), life);
    }

    private String ofTenant(
            Tenant tenant,
            String signer,
            SigningRequest request,
            Set<String> usages,
            Duration life) {
        refuseIf(
                !signer.equals(CLIENT), "in a tenant's world only " + CLIENT + " signs, for users");
        requireUsages(usages, CLIENT_USAGES, "client auth");
        refuseIf(
                request.commonName().startsWith("system:"),
                "a tenant's user cannot be " + request.commonName());
        List<String> organizations = new ArrayList<>();
        for (String organization : request.organizations()) {
            refuseIf(
                    organization.startsWith("system:")
                            || organization.startsWith(CertificateAuthority.TENANT_ORGANIZATION),
                    "organization " + organization + " is not a tenant's to ask for");
            organizations.add(organization);
        }
        organizations.add(CertificateAuthority.TENANT_ORGANIZATION + tenant.name());
        return authority.signClient(request.commonName(), organizations, request.key(), life);
    }

    private static void requireNode(SigningRequest request) {
        refuseIf(
                !request.organizations().equals(List.of(CertificateAuthority.NODES_GROUP)),
                "subject organization is not system:nodes");
        refuseIf(
                !request.commonName().startsWith(CertificateAuthority.NODE_USER),
                "subject common name does not begin with system:node:");
    }

    private static void requireUsages(Set<String> usages, Set<String> allowed, String required) {
        refuseIf(
                !usages.contains(required) || !allowed.containsAll(usages),
                "usages did not match " + String.join(", ", allowed.stream().sorted().toList()));
    }

    private static void refuseIf(boolean bad, String why) {
        if (bad) {
            throw new PkiException(why);
        }
    }
}
