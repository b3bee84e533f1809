package io.hypernetes.api.types;

import static io.hypernetes.api.types.Row.cluster;
import static io.hypernetes.api.types.Row.namespaced;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Scope;
import io.hypernetes.api.types.coordination.LeaseStrategy;
import io.hypernetes.api.types.core.ConfigMapStrategy;
import io.hypernetes.api.types.core.CoreColumns;
import io.hypernetes.api.types.core.EventStrategy;
import io.hypernetes.api.types.core.NamespaceStrategy;
import io.hypernetes.api.types.core.NodeStrategy;
import io.hypernetes.api.types.core.PodColumns;
import io.hypernetes.api.types.core.PodStrategy;
import io.hypernetes.api.types.core.SecretStrategy;
import io.hypernetes.api.types.core.ServiceStrategy;
import io.hypernetes.api.types.core.StorageColumns;
import io.hypernetes.api.types.core.VolumeClaimStrategy;
import io.hypernetes.api.types.core.VolumeStrategy;
import io.hypernetes.api.types.hypernetes.HypernetesColumns;
import io.hypernetes.api.types.hypernetes.NetworkStrategy;
import io.hypernetes.api.types.hypernetes.TenantStrategy;
import io.hypernetes.api.types.hypernetes.UserStrategy;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.rbac.RbacColumns;
import io.hypernetes.api.types.rbac.RoleBindingStrategy;
import io.hypernetes.api.types.rbac.RoleStrategy;
import io.hypernetes.api.types.storage.StorageClassColumns;
import io.hypernetes.api.types.storage.StorageClassStrategy;

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
                    .columns(CoreColumns.NAMESPACE)
                    .as("io.k8s.api.core.v1.Namespace", new NamespaceStrategy());

    public static final ResourceType NODES =
            cluster("", "v1", "nodes", "Node")
                    .shortNames("no")
                    .subresources("status")
                    .columns(CoreColumns.NODE)
                    .as("io.k8s.api.core.v1.Node", new NodeStrategy());

    public static final ResourceType PODS =
            namespaced("", "v1", "pods", "Pod")
                    .shortNames("po")
                    .categories("all")
                    .subresources("status", "log", "exec", "attach", "portforward", "binding")
                    .columns(PodColumns.ALL)
                    .as("io.k8s.api.core.v1.Pod", new PodStrategy());

    public static final ResourceType CONFIG_MAPS =
            namespaced("", "v1", "configmaps", "ConfigMap")
                    .shortNames("cm")
                    .columns(CoreColumns.CONFIG_MAP)
                    .as("io.k8s.api.core.v1.ConfigMap", new ConfigMapStrategy());

    public static final ResourceType SECRETS =
            namespaced("", "v1", "secrets", "Secret")
                    .columns(CoreColumns.SECRET)
                    .as("io.k8s.api.core.v1.Secret", new SecretStrategy());

    public static final ResourceType SERVICE_ACCOUNTS =
            namespaced("", "v1", "serviceaccounts", "ServiceAccount")
                    .shortNames("sa")
                    .subresources("token")
                    .columns(CoreColumns.SERVICE_ACCOUNT)
                    .as("io.k8s.api.core.v1.ServiceAccount", KindStrategy.namespaced());

    public static final ResourceType EVENTS =
            namespaced("", "v1", "events", "Event")
                    .shortNames("ev")
                    .columns(CoreColumns.EVENT)
                    .as("io.k8s.api.core.v1.Event", new EventStrategy("involvedObject"));

    /** The same events under their newer name. */
    public static final ResourceType EVENTS_V1 =
            namespaced("events.k8s.io", "v1", "events", "Event")
                    .shortNames("ev")
                    .columns(EventConversion.columns(CoreColumns.EVENT))
                    .storedAs(EVENTS, new EventConversion())
                    .as("io.k8s.api.events.v1.Event", new EventStrategy("regarding"));

    public static final ResourceType PERSISTENT_VOLUME_CLAIMS =
            namespaced("", "v1", "persistentvolumeclaims", "PersistentVolumeClaim")
                    .shortNames("pvc")
                    .subresources("status")
                    .columns(StorageColumns.CLAIM)
                    .as("io.k8s.api.core.v1.PersistentVolumeClaim", new VolumeClaimStrategy());

    public static final ResourceType PERSISTENT_VOLUMES =
            cluster("", "v1", "persistentvolumes", "PersistentVolume")
                    .shortNames("pv")
                    .subresources("status")
                    .columns(StorageColumns.VOLUME)
                    .as("io.k8s.api.core.v1.PersistentVolume", new VolumeStrategy());

    public static final ResourceType SERVICES =
            namespaced("", "v1", "services", "Service")
                    .shortNames("svc")
                    .categories("all")
                    .subresources("status")
                    .columns(CoreColumns.SERVICE)
                    .as("io.k8s.api.core.v1.Service", new ServiceStrategy());

    public static final ResourceType ENDPOINTS =
            namespaced("", "v1", "endpoints", "Endpoints")
                    .shortNames("ep")
                    .columns(CoreColumns.ENDPOINTS)
                    .as("io.k8s.api.core.v1.Endpoints", KindStrategy.namespaced());

    public static final ResourceType STORAGE_CLASSES =
            cluster(STORAGE, "v1", "storageclasses", "StorageClass")
                    .shortNames("sc")
                    .columns(StorageClassColumns.ALL)
                    .as("io.k8s.api.storage.v1.StorageClass", new StorageClassStrategy());

    public static final ResourceType LEASES =
            namespaced(COORDINATION, "v1", "leases", "Lease")
                    .columns(CoreColumns.LEASE)
                    .as("io.k8s.api.coordination.v1.Lease", new LeaseStrategy());

    public static final ResourceType ROLES =
            namespaced(RBAC, "v1", "roles", "Role")
                    .columns(RbacColumns.ROLE)
                    .as("io.k8s.api.rbac.v1.Role", new RoleStrategy(Scope.NAMESPACED));

    public static final ResourceType ROLE_BINDINGS =
            namespaced(RBAC, "v1", "rolebindings", "RoleBinding")
                    .columns(RbacColumns.BINDING)
                    .as(
                            "io.k8s.api.rbac.v1.RoleBinding",
                            new RoleBindingStrategy(Scope.NAMESPACED));

    public static final ResourceType CLUSTER_ROLES =
            cluster(RBAC, "v1", "clusterroles", "ClusterRole")
                    .columns(RbacColumns.ROLE)
                    .as("io.k8s.api.rbac.v1.ClusterRole", new RoleStrategy(Scope.CLUSTER));

    public static final ResourceType CLUSTER_ROLE_BINDINGS =
            cluster(RBAC, "v1", "clusterrolebindings", "ClusterRoleBinding")
                    .columns(RbacColumns.BINDING)
                    .as(
                            "io.k8s.api.rbac.v1.ClusterRoleBinding",
                            new RoleBindingStrategy(Scope.CLUSTER));

    public static final ResourceType TENANTS =
            cluster(HYPERNETES, "v1", "tenants", "Tenant")
                    .subresources("status")
                    .columns(HypernetesColumns.TENANT)
                    .as("io.hypernetes.v1.Tenant", new TenantStrategy());

    public static final ResourceType USERS =
            cluster(HYPERNETES, "v1", "users", "User")
                    .subresources("status")
                    .columns(HypernetesColumns.USER)
                    .as("io.hypernetes.v1.User", new UserStrategy());

    public static final ResourceType NETWORKS =
            cluster(HYPERNETES, "v1", "networks", "Network")
                    .shortNames("net")
                    .subresources("status")
                    .columns(HypernetesColumns.NETWORK)
                    .as("io.hypernetes.v1.Network", new NetworkStrategy());

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
                    EVENTS_V1,
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
                    Row.older(ROLES, "v1beta1"),
                    Row.older(ROLE_BINDINGS, "v1beta1"),
                    Row.older(CLUSTER_ROLES, "v1beta1"),
                    Row.older(CLUSTER_ROLE_BINDINGS, "v1beta1"),
                    Row.older(ROLES, "v1alpha1"),
                    Row.older(ROLE_BINDINGS, "v1alpha1"),
                    Row.older(CLUSTER_ROLES, "v1alpha1"),
                    Row.older(CLUSTER_ROLE_BINDINGS, "v1alpha1"),
                    TENANTS,
                    USERS,
                    NETWORKS);

    private BuiltinTypes() {}
}
