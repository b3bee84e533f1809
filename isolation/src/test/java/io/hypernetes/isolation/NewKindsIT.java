package io.hypernetes.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.types.BuiltinTypes;

import org.awaitility.Awaitility;

import java.time.Duration;
import java.util.List;

/** Networks, addresses, policies, devices and certificates: kinds that reach beyond one world. */
class NewKindsIT {
    private static final String POLICIES = "/apis/admissionregistration.k8s.io/v1";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String PODS = "/api/v1/namespaces/default/pods";
    private static final String HYPERNETES = "/apis/hypernetes.io/v1";

    private static Answer post(Installation it, String target, String yaml) {
        return it.send(it.boss, "POST", target, Installation.json(yaml));
    }

    private static Answer post(Installation it, String token, String target, String yaml) {
        return it.send(token, "POST", target, Installation.json(yaml));
    }

    @Attempt(
            id = "KIND-1",
            tries =
                    "the operator's kinds from a tenant's world: its own Tenant, Users, another's"
                            + " quota, suspension, security, encryption keys",
            result = "404: they are in the operator's world alone")
    void theOperatorsKinds(Installation it) {
        for (String kind : List.of("tenants", "users")) {
            for (String name : List.of("", "/acme", "/globex", "/acme/status")) {
                String target = HYPERNETES + "/" + kind + name;
                assertThat(it.get(it.boss, target).status()).as(target).isEqualTo(404);
                assertThat(
                                it.patch(
                                                it.boss,
                                                target,
                                                "merge-patch+json",
                                                "{\"spec\":{\"suspended\":true,\"security\":{\"pods\":\"privileged\"}}}")
                                        .status())
                        .as(target)
                        .isIn(404, 405);
            }
        }
        assertThat(
                        post(
                                        it,
                                        HYPERNETES + "/users",
                                        "{apiVersion: hypernetes.io/v1, kind: User, metadata:"
                                            + " {name: victim}, username: victim, spec: {tenants:"
                                            + " [{name: globex, role: admin}]}}")
                                .status())
                .isEqualTo(404);
        assertThat(it.get(it.boss, HYPERNETES).body()).doesNotContain("\"tenants\"", "\"users\"");
    }

    @Attempt(
            id = "KIND-2",
            tries =
                    "a User of one's own making: the seed's kind as a ThirdPartyResource of acme's"
                            + " world, with globex' user in it",
            result = "an object of acme's world that gives nobody anything")
    void usersOfOnesOwnMaking(Installation it) {
        post(
                it,
                "/apis/extensions/v1beta1/thirdpartyresources",
                "{apiVersion: extensions/v1beta1, kind: ThirdPartyResource, metadata: {name:"
                        + " user.stable.example.com}, versions: [{name: v1}]}");
        it.awaitType(Installation.ACME, "User");
        String users = "/apis/stable.example.com/v1/namespaces/default/users";
        String user =
                "{apiVersion: stable.example.com/v1, kind: User, metadata: {name: victim},"
                    + " username: victim, tenants: [globex], spec: {tenants: [{name: globex, role:"
                    + " admin}]}}";
        assertThat(post(it, users, user).status()).isEqualTo(201);
        assertThat(it.get(it.boss, "/tenants/globex" + MAPS).status()).isEqualTo(403);
        assertThat(it.client().find(BuiltinTypes.USERS, new ObjectKey(Tenant.SYSTEM, "", "victim")))
                .isEmpty();
        it.send(it.boss, "DELETE", users + "/victim", "");
        it.send(
                it.boss,
                "DELETE",
                "/apis/extensions/v1beta1/thirdpartyresources/user.stable.example.com",
                "");
    }

    @Attempt(
            id = "KIND-3",
            tries =
                    "a FloatingIP with the address of globex', by its spec, with a target in"
                            + " globex, and a status that says it is its own",
            result =
                    "an object of acme's; who has an address is the operator's record, whatever a"
                            + " status says (`ExternalControllerTest`)")
    void anothersAddress(Installation it) {
        it.apply(
                Installation.GLOBEX,
                "{kind: FloatingIP, metadata: {name: theirs, namespace: default}, spec: {address:"
                        + " 192.0.2.77}}");
        try {
            String floating = HYPERNETES + "/namespaces/default/floatingips";
            for (String target :
                    List.of(
                            "{kind: Pod, name: web, namespace: globex}",
                            "{kind: Pod, name: ../globex/default/web}",
                            "{kind: Node, name: host}")) {
                Answer made =
                        post(
                                it,
                                floating,
                                "{apiVersion: hypernetes.io/v1, kind: FloatingIP, metadata: {name: mine}, spec: {address: 192.0.2.77, target: %s}}"
                                        .formatted(target));
                assertThat(made.status()).as(target).isIn(201, 400, 422);
                assertThat(made.body()).doesNotContain("\"namespace\":\"globex\"");
                it.send(it.boss, "DELETE", floating + "/mine", "");
            }
            assertThat(it.get(it.boss, floating + "/theirs").status()).isEqualTo(404);
            assertThat(it.get(it.boss, HYPERNETES + "/floatingips").body())
                    .doesNotContain("192.0.2.77");
        } finally {
            it.client()
                    .delete(
                            BuiltinTypes.FLOATING_IPS,
                            new ObjectKey(Installation.GLOBEX, "default", "theirs"),
                            DeleteOptions.NOW);
        }
    }

    @Attempt(
            id = "KIND-4",
            tries =
                    "networks: globex' by name, subnets with the host's addresses, a provider's"
                            + " network, a namespace on another's network",
            result = "422, or a network of acme's own: addresses mean something within it alone")
    void networks(Installation it) {
        String networks = HYPERNETES + "/networks";
        for (String spec :
                List.of(
                        "{cidr: 127.0.0.0/8}",
                        "{cidr: 10.9.0.0/24, gateway: 10.8.0.1}",
                        "{cidr: 10.9.0.0/24, subnets: {more: {cidr: 10.9.0.0/25}}}",
                        "{cidr: 10.9.0.0/24, subnets: {\"../globex\": {cidr: 10.7.0.0/24}}}",
                        "{cidr: 0.0.0.0/0}",
                        "{cidr: 169.254.169.0/24}",
                        "{cidr: 10.9.0.0/24, tenantID: globex, providerNetworkID: theirs}")) {
            Answer made =
                    post(
                            it,
                            networks,
                            "{apiVersion: hypernetes.io/v1, kind: Network, metadata: {name: mine}, spec: %s}"
                                    .formatted(spec));
            assertThat(made.status()).as(spec).isIn(201, 400, 422);
            assertThat(made.body()).doesNotContain("providerNetworkID\":\"theirs");
            it.send(it.boss, "DELETE", networks + "/mine", "");
        }
    }

    @Attempt(
            id = "KIND-5",
            tries =
                    "a policy whose parameters are objects of globex: by name, namespace and"
                            + " selector, told by its message",
            result = "acme's objects of those names")
    void parametersOfOthers(Installation it) {
        String policy =
                """
                {apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: spy},
                 spec: {failurePolicy: Fail, paramKind: {apiVersion: v1, kind: ConfigMap},
                  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]},
                  validations: [{expression: "object.metadata.name != 'told'", messageExpression: "'it says ' + params.data.place"}]}}
                """;
        assertThat(post(it, POLICIES + "/validatingadmissionpolicies", policy).status())
                .isEqualTo(201);
        try {
            for (String reference :
                    List.of(
                            "{name: map, namespace: default, parameterNotFoundAction: Deny}",
                            "{name: only-of-globex, namespace: vault, parameterNotFoundAction:"
                                    + " Deny}",
                            "{selector: {matchLabels: {of: globex}}, parameterNotFoundAction:"
                                    + " Deny}",
                            "{name: map, namespace: ../globex/default, parameterNotFoundAction:"
                                    + " Deny}")) {
                Answer bound =
                        post(
                                it,
                                POLICIES + "/validatingadmissionpolicybindings",
                                "{apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicyBinding, metadata: {name: spy}, spec: {policyName: spy, paramRef: %s, validationActions: [Deny]}}"
                                        .formatted(reference));
                assertThat(bound.status()).as(reference).isIn(201, 422);
                if (bound.status() == 201) {
                    Answer refused = awaitRefusal(it);
                    assertThat(refused.status()).as(reference).isLessThan(500);
                    assertThat(refused.body()).as(reference).doesNotContain("globex\"", "treasure");
                }
                it.send(it.boss, "DELETE", POLICIES + "/validatingadmissionpolicybindings/spy", "");
            }
        } finally {
            it.send(it.boss, "DELETE", POLICIES + "/validatingadmissionpolicies/spy", "");
        }
    }

    /** A policy holds a moment after it was stored. */
    private static Answer awaitRefusal(Installation it) {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(
                        () ->
                                post(
                                        it,
                                        MAPS + "?dryRun=All",
                                        "{apiVersion: v1, kind: ConfigMap, metadata: {name:"
                                                + " told}}"),
                        made -> made.status() != 201);
    }

    @Attempt(
            id = "KIND-6",
            tries = "an expression that asks what somebody may do in globex, or on its paths",
            result = "an answer about acme's world alone")
    void authorizerOfExpressions(Installation it) {
        String policy =
                """
                {apiVersion: admissionregistration.k8s.io/v1, kind: ValidatingAdmissionPolicy, metadata: {name: asks},
                 spec: {failurePolicy: Fail,
                  matchConstraints: {resourceRules: [{apiGroups: [""], apiVersions: [v1], operations: [CREATE], resources: [configmaps]}]},
                  variables: [{name: paths, expression: "authorizer.path('/tenants/globex/api').check('get').allowed()"}],
                  validations: [{expression: "object.metadata.name != 'told' || authorizer.serviceAccount('default', 'default').group('').resource('secrets').namespace('vault').check('get').allowed()",
                   messageExpression: "'paths ' + string(variables.paths)"}]}}
                """;
        assertThat(post(it, POLICIES + "/validatingadmissionpolicies", policy).status())
                .isEqualTo(201);
        assertThat(
                        post(
                                        it,
                                        POLICIES + "/validatingadmissionpolicybindings",
                                        "{apiVersion: admissionregistration.k8s.io/v1, kind:"
                                            + " ValidatingAdmissionPolicyBinding, metadata: {name:"
                                            + " asks}, spec: {policyName: asks, validationActions:"
                                            + " [Deny]}}")
                                .status())
                .isEqualTo(201);
        try {
            assertThat(awaitRefusal(it).status()).isEqualTo(422);
            assertThat(it.get(it.boss, "/tenants/globex/api").status())
                    .as("whatever the expression says of a path of this name")
                    .isEqualTo(403);
        } finally {
            it.send(it.boss, "DELETE", POLICIES + "/validatingadmissionpolicybindings/asks", "");
            it.send(it.boss, "DELETE", POLICIES + "/validatingadmissionpolicies/asks", "");
        }
    }

    @Attempt(
            id = "KIND-7",
            tries =
                    "certificates of a kubelet, signed by other signers, in a tenant's world:"
                            + " `O=system:nodes`, `CN=system:node:…`",
            result = "no certificate that the API takes for a node")
    void certificatesOfNodes(Installation it) {
        for (String signer :
                List.of(
                        "kubernetes.io/kube-apiserver-client-kubelet",
                        "kubernetes.io/kubelet-serving",
                        "kubernetes.io/legacy-unknown")) {
            Requests.certified(
                            it,
                            "node-" + signer.hashCode(),
                            "CN=system:node:host,O=system:nodes",
                            signer)
                    .ifPresent(wire -> {
                        assertThat(it.wire(wire, "/api/v1/nodes").status())
                                .as(signer)
                                .isIn(401, 403);
                        assertThat(it.wire(wire, "/tenants/globex/api/v1/secrets").status())
                                .isIn(401, 403);
                    });
        }
    }

    @Attempt(
            id = "KIND-8",
            tries =
                    "devices: a ResourceSlice of a node, a claim with adminAccess, a claim of"
                            + " globex' by name in a pod",
            result =
                    "refused, or objects of acme's world that no scheduler of the operator's reads")
    void devices(Installation it) {
        String resource = "/apis/resource.k8s.io/v1";
        Answer slice =
                post(
                        it,
                        resource + "/resourceslices",
                        "{apiVersion: resource.k8s.io/v1, kind: ResourceSlice, metadata: {name:"
                            + " host-gpu}, spec: {driver: gpu.example.com, nodeName: node, pool:"
                            + " {name: p, generation: 1, resourceSliceCount: 1}, devices: [{name:"
                            + " gpu0}]}}");
        assertThat(slice.status()).isIn(201, 403, 422);
        Answer claim =
                post(
                        it,
                        resource + "/namespaces/default/resourceclaims",
                        "{apiVersion: resource.k8s.io/v1, kind: ResourceClaim, metadata: {name:"
                                + " all}, spec: {devices: {requests: [{name: r, exactly:"
                                + " {deviceClassName: gpu, adminAccess: true}}]}}}");
        assertThat(claim.status()).isIn(201, 403, 422);
        assertThat(it.get(it.boss, "/tenants/globex" + resource + "/resourceclaims").status())
                .isEqualTo(403);
        it.send(it.boss, "DELETE", resource + "/resourceslices/host-gpu", "");
        it.send(it.boss, "DELETE", resource + "/namespaces/default/resourceclaims/all", "");
    }

    @Attempt(
            id = "KIND-9",
            tries =
                    "more than the level allows, later: `pods/ephemeralcontainers`, `pods/resize`,"
                            + " a namespace's label, `pods/status`, a template that becomes a pod",
            result = "403 in a world with the usual security; resize changes resources alone")
    void moreLater(Installation it) {
        String pods = "/api/v1/namespaces/vault/pods";
        String pod =
                "{apiVersion: v1, kind: Pod, metadata: {name: plain}, spec: {securityContext:"
                    + " {runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type:"
                    + " RuntimeDefault}}, containers: [{name: c, image: \"hypernetes/hello:1\","
                    + " resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {cpu: 10m, memory:"
                    + " 16Mi}}, securityContext: {allowPrivilegeEscalation: false, capabilities:"
                    + " {drop: [ALL]}}}]}}";
        assertThat(post(it, it.freshBoss, pods, pod).status()).isEqualTo(201);
        try {
            Answer debug =
                    it.patch(
                            it.freshBoss,
                            pods + "/plain/ephemeralcontainers",
                            "strategic-merge-patch+json",
                            "{\"spec\":{\"ephemeralContainers\":[{\"name\":\"d\",\"image\":\"hypernetes/hello:1\",\"securityContext\":{\"privileged\":true}}]}}");
            assertThat(debug.status()).isEqualTo(403);
            Answer resized =
                    it.patch(
                            it.freshBoss,
                            pods + "/plain/resize",
                            "strategic-merge-patch+json",
                            "{\"spec\":{\"hostNetwork\":true,\"containers\":[{\"name\":\"c\",\"securityContext\":{\"privileged\":true}}]}}");
            assertThat(resized.status()).isIn(200, 403, 422);
            assertThat(it.get(it.freshBoss, pods + "/plain").body())
                    .doesNotContain("\"privileged\":true", "\"hostNetwork\":true");
            it.patch(
                    it.freshBoss,
                    "/api/v1/namespaces/vault",
                    "merge-patch+json",
                    "{\"metadata\":{\"labels\":{\"pod-security.kubernetes.io/enforce\":\"privileged\"}}}");
            assertThat(
                            post(
                                            it,
                                            it.freshBoss,
                                            pods,
                                            "{apiVersion: v1, kind: Pod, metadata: {name: free},"
                                                + " spec: {hostPID: true, containers: [{name: c,"
                                                + " image: x, securityContext: {privileged:"
                                                + " true}}]}}")
                                    .status())
                    .as("a label is no level")
                    .isEqualTo(403);
        } finally {
            it.send(it.freshBoss, "DELETE", pods + "/plain?gracePeriodSeconds=0", "");
        }
    }

    @Attempt(
            id = "KIND-10",
            tries =
                    "all worlds at once, `/tenants/*`, for writes, deletions of collections,"
                            + " watches, reviews, discovery and one's own kinds",
            result = "403")
    void allWorlds(Installation it) {
        for (String path :
                List.of(
                        MAPS,
                        "/api/v1/secrets?watch=1&timeoutSeconds=1",
                        "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                        "/apis",
                        "/openapi/v2",
                        HYPERNETES + "/auditevents",
                        HYPERNETES + "/floatingips",
                        "/apis/example.com/v1/widgets")) {
            for (String method : List.of("GET", "POST", "PUT", "PATCH", "DELETE")) {
                Answer answer = it.send(it.boss, method, "/tenants/*" + path, "{}");
                assertThat(answer.status()).as(method + " " + path).isEqualTo(403);
            }
        }
    }

    @Attempt(
            id = "KIND-11",
            tries =
                    "an image with globex' pull secret: by its name in a pod, in a service account,"
                            + " an image volume, a name with another tenant in it",
            result =
                    "a secret of that name in acme; whose an image is, is asked at the node"
                            + " (`ImageHoldersIT`)")
    void anothersPullSecret(Installation it) {
        for (String spec :
                List.of(
                        "imagePullSecrets: [{name: gold}], containers: [{name: c, image:"
                                + " \"registry.example/globex/app:1\"}]",
                        "imagePullSecrets: [{name: ../globex/gold}], containers: [{name: c, image:"
                                + " x}]",
                        "containers: [{name: c, image: \"tenants/globex/app@sha256:%s\"}]"
                                .formatted("a".repeat(64)),
                        "containers: [{name: c, image: x}], volumes: [{name: v, image: {reference:"
                                + " \"registry.example/globex/app:1\"}}]")) {
            Answer made =
                    post(
                            it,
                            PODS,
                            "{apiVersion: v1, kind: Pod, metadata: {name: puller}, spec: {%s}}"
                                    .formatted(spec));
            assertThat(made.status()).as(spec).isIn(201, 400, 403, 422);
            it.send(it.boss, "DELETE", PODS + "/puller?gracePeriodSeconds=0", "");
        }
        assertThat(
                        it.get(it.boss, "/tenants/globex/api/v1/namespaces/default/secrets/gold")
                                .status())
                .isEqualTo(403);
    }

    @Attempt(
            id = "KIND-12",
            tries =
                    "a disk of globex': a VolumeAttachment, a CSINode, a snapshot's data source, a"
                            + " claim as data source across namespaces",
            result = "refused, or objects of acme's world that nothing of the operator's reads")
    void disksOfOthers(Installation it) {
        Answer attached =
                post(
                        it,
                        "/apis/storage.k8s.io/v1/volumeattachments",
                        "{apiVersion: storage.k8s.io/v1, kind: VolumeAttachment, metadata: {name:"
                            + " theirs}, spec: {attacher: hypernetes.io, nodeName: node, source:"
                            + " {persistentVolumeName: pvc-of-globex}}}");
        assertThat(attached.status()).isIn(201, 403, 404, 422);
        Answer claimed =
                post(
                        it,
                        "/api/v1/namespaces/default/persistentvolumeclaims",
                        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: copy},"
                            + " spec: {accessModes: [ReadWriteOnce], resources: {requests:"
                            + " {storage: 1Mi}}, dataSourceRef: {kind: PersistentVolumeClaim, name:"
                            + " gold, namespace: globex}}}");
        assertThat(claimed.status()).isIn(201, 403, 422);
        it.send(it.boss, "DELETE", "/apis/storage.k8s.io/v1/volumeattachments/theirs", "");
        it.send(it.boss, "DELETE", "/api/v1/namespaces/default/persistentvolumeclaims/copy", "");
    }
}
