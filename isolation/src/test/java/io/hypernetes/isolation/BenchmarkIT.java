package io.hypernetes.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.types.BuiltinTypes;

import org.awaitility.Awaitility;

import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Checks of the kubernetes-sigs multi-tenancy benchmark, by its ids, in a world to which nothing
 * was added. The benchmark's tenant administrator is here a user who is bound to the ClusterRole
 * {@code admin} in one namespace. What makes them pass: {@code docs/multi-tenancy-benchmark.md}.
 */
class BenchmarkIT {
    private static final String NAMESPACE = "/api/v1/namespaces/vault";
    private static final String RBAC = "/apis/rbac.authorization.k8s.io/v1/namespaces/vault";
    private static final List<String> VERBS =
            List.of(
                    "get",
                    "list",
                    "watch",
                    "create",
                    "update",
                    "patch",
                    "delete",
                    "deletecollection");

    private static final String HARMLESS =
            """
            {apiVersion: v1, kind: Pod, metadata: {name: p}, spec: {
              securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}},
              volumes: [{name: v, emptyDir: {}}],
              containers: [{name: c, image: x, imagePullPolicy: IfNotPresent, securityContext: {
                allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}}}]}}
            """;

    private static String administrator(Installation it) {
        it.send(
                it.freshBoss,
                "POST",
                RBAC + "/rolebindings",
                Installation.json(
                        "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata:"
                            + " {name: chief}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind:"
                            + " ClusterRole, name: admin}, subjects: [{apiGroup:"
                            + " rbac.authorization.k8s.io, kind: User, name: chief}]}"));
        return it.token(Installation.FRESH, "chief");
    }

    /** A SelfSubjectAccessReview. */
    private static boolean may(
            Installation it, String token, String verb, ResourceType type, String namespace) {
        return may(it, token, verb, type.id().group(), type.id().resource(), namespace, "");
    }

    private static boolean may(
            Installation it,
            String token,
            String verb,
            String group,
            String resource,
            String namespace,
            String name) {
        return it.allowed(
                token,
                "{\"kind\":\"SelfSubjectAccessReview\",\"apiVersion\":\"authorization.k8s.io/v1\",\"spec\":{\"resourceAttributes\":{\"verb\":\"%s\",\"group\":\"%s\",\"resource\":\"%s\",\"namespace\":\"%s\",\"name\":\"%s\"}}}"
                        .formatted(verb, group, resource, namespace, name));
    }

    private static void refusesPod(Installation it, String spec) {
        Answer answer =
                it.send(
                        administrator(it),
                        "POST",
                        NAMESPACE + "/pods?dryRun=All",
                        Installation.json(
                                "{apiVersion: v1, kind: Pod, metadata: {name: bad}, spec: {%s}}"
                                        .formatted(spec)));
        assertThat(answer.status()).as(answer.body()).isEqualTo(403);
        assertThat(answer.body()).contains("isolation");
    }

    /** A pod that everything is right with, but for what is replaced. */
    private static Answer pod(Installation it, String right, String wrong) {
        assertThat(HARMLESS).contains(right);
        return it.send(
                administrator(it),
                "POST",
                NAMESPACE + "/pods?dryRun=All",
                Installation.json(HARMLESS.replace(right, wrong)));
    }

    private static void refusesPod(Installation it, String right, String wrong) {
        Answer harmless = pod(it, "name: c", "name: c");
        assertThat(harmless.status()).as(harmless.body()).isEqualTo(201);
        Answer answer = pod(it, right, wrong);
        assertThat(answer.status()).as(answer.body()).isEqualTo(403);
        assertThat(answer.body()).contains("PodSecurity").contains("restricted:latest");
    }

    @Attempt(
            id = "MTB-PL1-CC-CPI-1",
            tries = "get and update of every cluster-scoped kind",
            result = "no")
    void clusterResources(Installation it) {
        String chief = administrator(it);
        for (ResourceType type : BuiltinTypes.ALL) {
            if (!type.namespaced()) {
                assertThat(may(it, chief, "get", type, "")).as(type.toString()).isFalse();
                assertThat(may(it, chief, "update", type, "")).as(type.toString()).isFalse();
            }
        }
    }

    @Attempt(
            id = "MTB-PL1-BC-CPI-2",
            tries =
                    "a dry-run deletion of what the administrator has put into the namespace: its"
                            + " quota",
            result = "403")
    void administratorsObjects(Installation it) {
        String chief = administrator(it);
        it.send(
                it.freshBoss,
                "POST",
                NAMESPACE + "/resourcequotas",
                Installation.json(
                        "{apiVersion: v1, kind: ResourceQuota, metadata: {name: limits}, spec:"
                                + " {hard: {count/leases.coordination.k8s.io: 100}}}"));
        String quota = NAMESPACE + "/resourcequotas/limits";
        assertThat(it.send(chief, "DELETE", quota + "?dryRun=All", "").status()).isEqualTo(403);
        it.send(it.freshBoss, "DELETE", quota, "");
    }

    @Attempt(id = "MTB-PL1-BC-CPI-3", tries = "a capability more", result = "403")
    void capabilities(Installation it) {
        refusesPod(it, "{drop: [ALL]}", "{drop: [ALL], add: [NET_ADMIN]}");
    }

    @Attempt(
            id = "MTB-PL1-BC-CPI-4",
            tries = "a pod that may run as root: runAsNonRoot not said, false, the user 0",
            result = "403")
    void root(Installation it) {
        refusesPod(it, "runAsNonRoot: true, ", "");
        refusesPod(it, "runAsNonRoot: true", "runAsNonRoot: false");
        refusesPod(it, "runAsNonRoot: true", "runAsNonRoot: true, runAsUser: 0");
    }

    @Attempt(
            id = "MTB-PL1-BC-CPI-6",
            tries = "privilege escalation, asked for and not said",
            result = "403")
    void privilegeEscalation(Installation it) {
        refusesPod(it, "allowPrivilegeEscalation: false", "allowPrivilegeEscalation: true");
        refusesPod(it, "allowPrivilegeEscalation: false, ", "");
    }

    @Attempt(
            id = "MTB-PL1-BC-HI-2",
            tries = "a service of the type NodePort (the benchmark gives it the id HI-1 as well)",
            result = "403, and a service cannot become one")
    void nodePorts(Installation it) {
        String chief = administrator(it);
        String services = NAMESPACE + "/services";
        String port =
                "{\"spec\":{\"type\":\"%s\",\"ports\":[{\"port\":80}]},\"metadata\":{\"name\":\"s\"}}";
        assertThat(it.send(chief, "POST", services, port.formatted("NodePort")).status())
                .isEqualTo(403);
        assertThat(it.send(chief, "POST", services, port.formatted("ClusterIP")).status())
                .isEqualTo(201);
        Answer changed =
                it.patch(
                        chief,
                        services + "/s",
                        "merge-patch+json",
                        "{\"spec\":{\"type\":\"NodePort\"}}");
        assertThat(changed.status()).isEqualTo(403);
        assertThat(it.send(chief, "DELETE", services + "/s", "").status()).isEqualTo(200);
    }

    @Attempt(
            id = "MTB-PL1-CC-DI-1",
            tries = "a pod with imagePullPolicy Never, IfNotPresent, none",
            result = "Always is what is stored")
    void imagePullPolicy(Installation it) {
        for (String policy :
                List.of("imagePullPolicy: Never, ", "imagePullPolicy: IfNotPresent, ", "")) {
            Answer answer = pod(it, "imagePullPolicy: IfNotPresent, ", policy);
            assertThat(answer.status()).as(answer.body()).isEqualTo(201);
            assertThat(answer.body())
                    .contains("\"imagePullPolicy\":\"Always\"")
                    .doesNotContain("IfNotPresent", "Never\"");
        }
    }

    @Attempt(
            id = "MTB-PL1-CC-FNS-1",
            tries = "a namespace without a quota of cpu, memory and storage",
            result = "each has one; it charges what says no request, too")
    void namespaceQuotas(Installation it) {
        assertThat(quota(it))
                .contains("requests.cpu", "requests.memory", "ephemeral-storage")
                .contains("requests.storage");
        Answer pod = pod(it, "name: c", "name: c");
        assertThat(pod.body()).contains("\"requests\":{").contains("\"cpu\":\"100m\"");
    }

    @Attempt(
            id = "MTB-PL1-CC-FNS-2",
            tries = "a namespace without a quota of objects",
            result = "each has one")
    void namespaceObjects(Installation it) {
        assertThat(quota(it))
                .contains("\"pods\"", "\"services\"", "\"replicationcontrollers\"")
                .contains("\"resourcequotas\"", "\"secrets\"", "\"configmaps\"")
                .contains("\"persistentvolumeclaims\"", "\"services.nodeports\"")
                .contains("\"services.loadbalancers\"");
    }

    /** As the tenant's administrator reads it, once it has been counted. */
    private static String quota(Installation it) {
        String chief = administrator(it);
        String quotas = NAMESPACE + "/resourcequotas";
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> it.get(chief, quotas).body().contains("\"used\":{"));
        return it.get(chief, quotas).body();
    }

    @Attempt(
            id = "MTB-PLANNED-1198",
            tries = "storage that is no claim: NFS, iSCSI, a volume of the host",
            result = "403; a claim is taken")
    void inlineVolumes(Installation it) {
        refusesPod(it, "emptyDir: {}", "nfs: {server: 10.0.0.1, path: /}");
        refusesPod(
                it,
                "emptyDir: {}",
                "iscsi: {targetPortal: 10.0.0.1, iqn: iqn.2001-04.com.example:storage, lun: 0}");
        Answer claim = pod(it, "emptyDir: {}", "persistentVolumeClaim: {claimName: disk}");
        assertThat(claim.status()).as(claim.body()).isEqualTo(201);
    }

    @Attempt(id = "MTB-PL1-BC-CPI-5", tries = "a privileged container", result = "403")
    void privileged(Installation it) {
        refusesPod(it, "containers: [{name: c, image: x, securityContext: {privileged: true}}]");
    }

    @Attempt(id = "MTB-PL1-BC-HI-1", tries = "a hostPath volume", result = "403")
    void hostPath(Installation it) {
        refusesPod(
                it,
                "containers: [{name: c, image: x}], volumes: [{name: v, hostPath: {path: /etc}}]");
    }

    @Attempt(id = "MTB-PL1-BC-HI-3", tries = "the host's network, its ports", result = "403")
    void hostNetwork(Installation it) {
        refusesPod(it, "hostNetwork: true, containers: [{name: c, image: x}]");
        refusesPod(
                it,
                "containers: [{name: c, image: x, ports: [{containerPort: 80, hostPort: 80}]}]");
    }

    @Attempt(id = "MTB-PL1-BC-HI-4", tries = "the host's processes", result = "403")
    void hostPid(Installation it) {
        refusesPod(it, "hostPID: true, containers: [{name: c, image: x}]");
    }

    @Attempt(id = "MTB-PL1-BC-HI-5", tries = "the host's IPC", result = "403")
    void hostIpc(Installation it) {
        refusesPod(it, "hostIPC: true, containers: [{name: c, image: x}]");
    }

    @Attempt(id = "MTB-PL1-CC-TI-1", tries = "every write to resource quotas", result = "no")
    void quotas(Installation it) {
        String chief = administrator(it);
        for (String verb : List.of("create", "update", "patch", "delete", "deletecollection")) {
            assertThat(may(it, chief, verb, BuiltinTypes.RESOURCE_QUOTAS, "vault")).isFalse();
        }
    }

    @Attempt(
            id = "MTB-PL1-CC-TI-2",
            tries =
                    "get and update of every namespaced kind in another's namespace, and in another"
                            + " tenant",
            result = "no; 403")
    void otherTenants(Installation it) {
        String chief = administrator(it);
        for (ResourceType type : BuiltinTypes.ALL) {
            if (type.namespaced()) {
                assertThat(may(it, chief, "get", type, "default")).as(type.toString()).isFalse();
                assertThat(may(it, chief, "update", type, "default")).isFalse();
            }
        }
        assertThat(it.get(chief, "/tenants/globex" + NAMESPACE + "/pods").status()).isEqualTo(403);
    }

    @Attempt(
            id = "MTB-PL2-BC-OPS-3",
            tries =
                    "self-service: all verbs on roles and role bindings, making both (also #1202,"
                            + " #1203)",
            result = "yes")
    void roles(Installation it) {
        String chief = administrator(it);
        for (ResourceType type : List.of(BuiltinTypes.ROLES, BuiltinTypes.ROLE_BINDINGS)) {
            for (String verb : VERBS) {
                assertThat(may(it, chief, verb, type, "vault")).as(verb + type).isTrue();
            }
        }
        Answer role =
                it.send(
                        chief,
                        "POST",
                        RBAC + "/roles?dryRun=All",
                        Installation.json(
                                "{apiVersion: rbac.authorization.k8s.io/v1, kind: Role, metadata:"
                                    + " {name: r}, rules: [{apiGroups: [\"\"], resources: [pods],"
                                    + " verbs: [get]}]}"));
        assertThat(role.status()).isEqualTo(201);
        Answer binding =
                it.send(
                        chief,
                        "POST",
                        RBAC + "/rolebindings?dryRun=All",
                        Installation.json(
                                "{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding,"
                                    + " metadata: {name: b}, roleRef: {apiGroup:"
                                    + " rbac.authorization.k8s.io, kind: ClusterRole, name: view},"
                                    + " subjects: [{apiGroup: rbac.authorization.k8s.io, kind:"
                                    + " User, name: other}]}"));
        assertThat(binding.status()).isEqualTo(201);
    }

    @Attempt(
            id = "MTB-PL2-BC-OPS-4",
            tries = "self-service: all verbs on network policies",
            result = "yes")
    void networkPolicies(Installation it) {
        String chief = administrator(it);
        for (String verb : VERBS) {
            assertThat(may(it, chief, verb, BuiltinTypes.NETWORK_POLICIES, "vault")).isTrue();
        }
    }

    @Attempt(
            id = "MTB-PL2-CC-TI-1",
            tries = "escalate on roles, bind on cluster-admin",
            result = "no")
    void escalation(Installation it) {
        String chief = administrator(it);
        String group = "rbac.authorization.k8s.io";
        assertThat(may(it, chief, "escalate", group, "roles", "vault", "")).isFalse();
        assertThat(may(it, chief, "bind", group, "clusterroles", "", "cluster-admin")).isFalse();
        assertThat(may(it, chief, "bind", group, "roles", "vault", "cluster-admin")).isFalse();
    }

    @Attempt(
            id = "MTB-PLANNED-1199",
            tries = "a storage class that keeps disks after their claims",
            result = "the classes of a new world delete them, and a tenant makes no other")
    void reclaimPolicy(Installation it) {
        String classes = "/apis/storage.k8s.io/v1/storageclasses";
        Answer list = it.get(it.freshBoss, classes);
        assertThat(list.body()).contains("\"Delete\"").doesNotContain("\"Retain\"");
        Answer made =
                it.send(
                        it.freshBoss,
                        "POST",
                        classes,
                        "{\"metadata\":{\"name\":\"keep\"},\"provisioner\":\"x/y\",\"reclaimPolicy\":\"Retain\"}");
        assertThat(made.status()).isEqualTo(403);
    }

    @Attempt(
            id = "MTB-PLANNED-1200",
            tries = "persistent volumes that are there already, another tenant's",
            result = "none is to be seen, and the tenant's administrator may not make one")
    void existingVolumes(Installation it) {
        String volumes = "/api/v1/persistentvolumes";
        assertThat(it.get(it.freshBoss, volumes).body()).contains("\"items\":[]");
        String chief = administrator(it);
        for (String verb : Set.of("get", "list", "create", "update")) {
            assertThat(may(it, chief, verb, BuiltinTypes.PERSISTENT_VOLUMES, "")).isFalse();
        }
    }
}
