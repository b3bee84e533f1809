package io.hypernetes.api.types;

import static io.hypernetes.api.types.Row.cluster;
import static io.hypernetes.api.types.Row.namespaced;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Strategy;

import java.util.List;

/** The table of built-in types. */
public final class BuiltinTypes {

    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final String STORAGE = "storage.k8s.io";
    private static final String COORDINATION = "coordination.k8s.io";
    private static final String HYPERNETES = "hypernetes.io";

    public static final ResourceType NAMESPACES =
            cluster("", "v1", "namespaces", "Namespace")
                    .shortNames("ns")
                    .subresources("status", "finalize")
                    .as("io.k8s.api.core.v1.Namespace", Strategy.PLAIN);

    public static final ResourceType NODES =
            cluster("", "v1", "nodes", "Node")
                    .shortNames("no")
                    .subresources("status")
                    .as("io.k8s.api.core.v1.Node", Strategy.PLAIN);

    public static final ResourceType PODS =
            namespaced("", "v1", "pods", "Pod")
                    .shortNames("po")
                    .categories("all")
                    .subresources(
                            "status",
                            "log",
                            "exec",
                            "attach",
                            "portforward",
                            "binding",
                            "eviction",
                            "ephemeralcontainers")
                    .as("io.k8s.api.core.v1.Pod", new PodStrategy());

    public static final ResourceType CONFIG_MAPS =
            namespaced("", "v1", "configmaps", "ConfigMap")
                    .shortNames("cm")
                    .as("io.k8s.api.core.v1.ConfigMap", Strategy.PLAIN);

    public static final ResourceType SECRETS =
            namespaced("", "v1", "secrets", "Secret")
                    .as("io.k8s.api.core.v1.Secret", Strategy.PLAIN);

    public static final ResourceType SERVICE_ACCOUNTS =
            namespaced("", "v1", "serviceaccounts", "ServiceAccount")
                    .shortNames("sa")
                    .subresources("token")
                    .as("io.k8s.api.core.v1.ServiceAccount", Strategy.PLAIN);

    public static final ResourceType EVENTS =
            namespaced("", "v1", "events", "Event")
                    .shortNames("ev")
                    .as("io.k8s.api.core.v1.Event", Strategy.PLAIN);

    public static final ResourceType PERSISTENT_VOLUME_CLAIMS =
            namespaced("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim")
                    .shortNames("pvc")
                    .subresources("status")
                    .as("io.k8s.api.core.v1.PersistentVolumeClaim", Strategy.PLAIN);

    public static final ResourceType PERSISTENT_VOLUMES =
            cluster("", "v1", "persistentvolumes", "PersistentVolume")
                    .shortNames("pv")
                    .subresources("status")
                    .as("io.k8s.api.core.v1.PersistentVolume", Strategy.PLAIN);

    public static final ResourceType SERVICES =
            namespaced("", "v1", "services", "Service")
                    .shortNames("svc")
                    .categories("all")
                    .subresources("status")
                    .as("io.k8s.api.core.v1.Service", Strategy.PLAIN);

    public static final ResourceType ENDPOINTS =
            namespaced("", "v1", "endpoints", "Endpoints")
                    .shortNames("ep")
                    .as("io.k8s.api.core.v1.Endpoints", Strategy.PLAIN);

    public static final ResourceType STORAGE_CLASSES =
            cluster(STORAGE, "v1", "storageclasses", "StorageClass")
                    .shortNames("sc")
                    .as("io.k8s.api.storage.v1.StorageClass", Strategy.PLAIN);

    public static final ResourceType LEASES =
            namespaced(COORDINATION, "v1", "leases", "Lease")
                    .as("io.k8s.api.coordination.v1.Lease", Strategy.PLAIN);

    public static final ResourceType ROLES =
            namespaced(RBAC, "v1", "roles", "Role").as("io.k8s.api.rbac.v1.Role", Strategy.PLAIN);

    public static final ResourceType ROLE_BINDINGS =
            namespaced(RBAC, "v1", "rolebindings", "RoleBinding")
                    .as("io.k8s.api.rbac.v1.RoleBinding", Strategy.PLAIN);

    public static final ResourceType CLUSTER_ROLES =
            cluster(RBAC, "v1", "clusterroles", "ClusterRole")
                    .as("io.k8s.api.rbac.v1.ClusterRole", Strategy.PLAIN);

    public static final ResourceType CLUSTER_ROLE_BINDINGS =
            cluster(RBAC, "v1", "clusterrolebindings", "ClusterRoleBinding")
                    .as("io.k8s.api.rbac.v1.ClusterRoleBinding", Strategy.PLAIN);

    public static final ResourceType TENANTS =
            cluster(HYPERNETES, "v1", "tenants", "Tenant")
                    .subresources("status")
                    .as("io.hypernetes.v1.Tenant", Strategy.PLAIN);

    public static final ResourceType USERS =
            cluster(HYPERNETES, "v1", "users", "User")
                    .subresources("status")
                    .as("io.hypernetes.v1.User", Strategy.PLAIN);

    public static final ResourceType NETWORKS =
            cluster(HYPERNETES, "v1", "networks", "Network")
                    .shortNames("net")
                    .subresources("status")
                    .as("io.hypernetes.v1.Network", Strategy.PLAIN);

    /** In the order of discovery. */
    public static final List<ResourceType> ALL =
            List.of(
                    NAMESPACES,
                    NODES,
                    PODS,
                    CONFIG_MAPS,
                    SECRETS,
                    SERVICE_ACCOUNTS,
                    EVENTS,
                    PERSISTENT_VOLUME_CLAIMS,
                    PERSISTENT_VOLUMES,
                    SERVICES,
                    ENDPOINTS,
                    STORAGE_CLASSES,
                    LEASES,
                    ROLES,
                    ROLE_BINDINGS,
                    CLUSTER_ROLES,
                    CLUSTER_ROLE_BINDINGS,
                    TENANTS,
                    USERS,
                    NETWORKS);

    private BuiltinTypes() {}
}
