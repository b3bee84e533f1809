package io.hypernetes.api.types;

import static io.hypernetes.api.types.Row.cluster;
import static io.hypernetes.api.types.Row.namespaced;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Scope;
import io.hypernetes.api.types.certificates.CertificateColumns;
import io.hypernetes.api.types.certificates.SigningRequestStrategy;
import io.hypernetes.api.types.coordination.LeaseStrategy;
import io.hypernetes.api.types.core.ConfigMapStrategy;
import io.hypernetes.api.types.core.CoreColumns;
import io.hypernetes.api.types.core.EndpointsStrategy;
import io.hypernetes.api.types.core.EventStrategy;
import io.hypernetes.api.types.core.LimitRangeStrategy;
import io.hypernetes.api.types.core.NamespaceStrategy;
import io.hypernetes.api.types.core.NodeStrategy;
import io.hypernetes.api.types.core.PodColumns;
import io.hypernetes.api.types.core.PodStrategy;
import io.hypernetes.api.types.core.PodTemplateStrategy;
import io.hypernetes.api.types.core.QuotaColumns;
import io.hypernetes.api.types.core.QuotaStrategy;
import io.hypernetes.api.types.core.ReplicationControllerStrategy;
import io.hypernetes.api.types.core.SecretStrategy;
import io.hypernetes.api.types.core.ServiceAccountStrategy;
import io.hypernetes.api.types.core.ServiceStrategy;
import io.hypernetes.api.types.core.StorageColumns;
import io.hypernetes.api.types.core.VolumeClaimStrategy;
import io.hypernetes.api.types.core.VolumeStrategy;
import io.hypernetes.api.types.discovery.EndpointSliceColumns;
import io.hypernetes.api.types.discovery.EndpointSliceStrategy;
import io.hypernetes.api.types.flowcontrol.FlowControlColumns;
import io.hypernetes.api.types.flowcontrol.FlowSchemaStrategy;
import io.hypernetes.api.types.flowcontrol.PriorityLevelStrategy;
import io.hypernetes.api.types.hypernetes.FloatingIpStrategy;
import io.hypernetes.api.types.hypernetes.HypernetesColumns;
import io.hypernetes.api.types.hypernetes.NetworkStrategy;
import io.hypernetes.api.types.hypernetes.TenantStrategy;
import io.hypernetes.api.types.hypernetes.UserStrategy;
import io.hypernetes.api.types.kind.Columns;
import io.hypernetes.api.types.networking.IngressClassStrategy;
import io.hypernetes.api.types.networking.IngressStrategy;
import io.hypernetes.api.types.networking.IpAddressStrategy;
import io.hypernetes.api.types.networking.NetworkPolicyStrategy;
import io.hypernetes.api.types.networking.NetworkingColumns;
import io.hypernetes.api.types.networking.ServiceCidrStrategy;
import io.hypernetes.api.types.node.RuntimeClassStrategy;
import io.hypernetes.api.types.rbac.RbacColumns;
import io.hypernetes.api.types.rbac.RoleBindingStrategy;
import io.hypernetes.api.types.rbac.RoleStrategy;
import io.hypernetes.api.types.resource.ClaimStrategy;
import io.hypernetes.api.types.resource.ClaimTemplateStrategy;
import io.hypernetes.api.types.resource.DeviceClassStrategy;
import io.hypernetes.api.types.resource.ResourceColumns;
import io.hypernetes.api.types.resource.ResourceSliceStrategy;
import io.hypernetes.api.types.scheduling.PriorityClassStrategy;
import io.hypernetes.api.types.scheduling.SchedulingColumns;
import io.hypernetes.api.types.storage.CsiDriverStrategy;
import io.hypernetes.api.types.storage.CsiNodeStrategy;
import io.hypernetes.api.types.storage.CsiStorageCapacityStrategy;
import io.hypernetes.api.types.storage.StorageClassColumns;
import io.hypernetes.api.types.storage.StorageClassStrategy;
import io.hypernetes.api.types.storage.StorageKindColumns;
import io.hypernetes.api.types.storage.VolumeAttachmentStrategy;
import io.hypernetes.api.types.storage.VolumeAttributesClassStrategy;

import java.util.List;

/** The table of built-in types. */
public final class BuiltinTypes {

    private static final String SCHEDULING = "scheduling.k8s.io";
    private static final String NODE = "node.k8s.io";
    private static final String DISCOVERY = "discovery.k8s.io";
    private static final String RBAC = "rbac.authorization.k8s.io";
    private static final String STORAGE = "storage.k8s.io";
    private static final String COORDINATION = "coordination.k8s.io";
    private static final String NETWORKING = "networking.k8s.io";
    private static final String CERTIFICATES = "certificates.k8s.io";
    private static final String FLOW_CONTROL = "flowcontrol.apiserver.k8s.io";
    private static final String RESOURCE = "resource.k8s.io";
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
                    .subresources("status", "proxy")
                    .columns(CoreColumns.NODE)
                    .as("io.k8s.api.core.v1.Node", new NodeStrategy());

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
                            "proxy",
                            "binding",
                            "eviction",
                            "ephemeralcontainers",
                            "resize")
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
                    .as("io.k8s.api.core.v1.ServiceAccount", new ServiceAccountStrategy());

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
                    .subresources("status", "proxy")
                    .columns(CoreColumns.SERVICE)
                    .as("io.k8s.api.core.v1.Service", new ServiceStrategy());

    public static final ResourceType ENDPOINTS =
            namespaced("", "v1", "endpoints", "Endpoints")
                    .shortNames("ep")
                    .columns(CoreColumns.ENDPOINTS)
                    .as("io.k8s.api.core.v1.Endpoints", new EndpointsStrategy());

    public static final ResourceType POD_TEMPLATES =
            namespaced("", "v1", "podtemplates", "PodTemplate")
                    .columns(QuotaColumns.POD_TEMPLATE)
                    .as("io.k8s.api.core.v1.PodTemplate", new PodTemplateStrategy());

    public static final ResourceType REPLICATION_CONTROLLERS =
            namespaced("", "v1", "replicationcontrollers", "ReplicationController")
                    .shortNames("rc")
                    .categories("all")
                    .subresources("status", "scale")
                    .columns(QuotaColumns.REPLICATION_CONTROLLER)
                    .as(
                            "io.k8s.api.core.v1.ReplicationController",
                            new ReplicationControllerStrategy());

    public static final ResourceType RESOURCE_QUOTAS =
            namespaced("", "v1", "resourcequotas", "ResourceQuota")
                    .shortNames("quota")
                    .subresources("status")
                    .columns(QuotaColumns.QUOTA)
                    .as("io.k8s.api.core.v1.ResourceQuota", new QuotaStrategy());

    public static final ResourceType LIMIT_RANGES =
            namespaced("", "v1", "limitranges", "LimitRange")
                    .shortNames("limits")
                    .columns(QuotaColumns.LIMIT_RANGE)
                    .as("io.k8s.api.core.v1.LimitRange", new LimitRangeStrategy());

    public static final ResourceType PRIORITY_CLASSES =
            cluster(SCHEDULING, "v1", "priorityclasses", "PriorityClass")
                    .shortNames("pc")
                    .columns(SchedulingColumns.PRIORITY_CLASS)
                    .as("io.k8s.api.scheduling.v1.PriorityClass", new PriorityClassStrategy());

    public static final ResourceType RUNTIME_CLASSES =
            cluster(NODE, "v1", "runtimeclasses", "RuntimeClass")
                    .columns(List.of(Columns.text("Handler", "handler"), Columns.age()))
                    .as("io.k8s.api.node.v1.RuntimeClass", new RuntimeClassStrategy());

    public static final ResourceType ENDPOINT_SLICES =
            namespaced(DISCOVERY, "v1", "endpointslices", "EndpointSlice")
                    .columns(EndpointSliceColumns.ALL)
                    .as("io.k8s.api.discovery.v1.EndpointSlice", new EndpointSliceStrategy());

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

    public static final ResourceType NETWORK_POLICIES =
            namespaced(NETWORKING, "v1", "networkpolicies", "NetworkPolicy")
                    .shortNames("netpol")
                    .columns(NetworkingColumns.NETWORK_POLICY)
                    .as("io.k8s.api.networking.v1.NetworkPolicy", new NetworkPolicyStrategy());

    public static final ResourceType INGRESSES =
            namespaced(NETWORKING, "v1", "ingresses", "Ingress")
                    .shortNames("ing")
                    .subresources("status")
                    .columns(NetworkingColumns.INGRESS)
                    .as("io.k8s.api.networking.v1.Ingress", new IngressStrategy());

    public static final ResourceType INGRESS_CLASSES =
            cluster(NETWORKING, "v1", "ingressclasses", "IngressClass")
                    .columns(NetworkingColumns.INGRESS_CLASS)
                    .as("io.k8s.api.networking.v1.IngressClass", new IngressClassStrategy());

    public static final ResourceType IP_ADDRESSES =
            cluster(NETWORKING, "v1", "ipaddresses", "IPAddress")
                    .shortNames("ip")
                    .columns(NetworkingColumns.IP_ADDRESS)
                    .as("io.k8s.api.networking.v1.IPAddress", new IpAddressStrategy());

    public static final ResourceType SERVICE_CIDRS =
            cluster(NETWORKING, "v1", "servicecidrs", "ServiceCIDR")
                    .subresources("status")
                    .columns(NetworkingColumns.SERVICE_CIDR)
                    .as("io.k8s.api.networking.v1.ServiceCIDR", new ServiceCidrStrategy());

    public static final ResourceType VOLUME_ATTACHMENTS =
            cluster(STORAGE, "v1", "volumeattachments", "VolumeAttachment")
                    .subresources("status")
                    .columns(StorageKindColumns.VOLUME_ATTACHMENT)
                    .as("io.k8s.api.storage.v1.VolumeAttachment", new VolumeAttachmentStrategy());

    public static final ResourceType CSI_DRIVERS =
            cluster(STORAGE, "v1", "csidrivers", "CSIDriver")
                    .columns(StorageKindColumns.CSI_DRIVER)
                    .as("io.k8s.api.storage.v1.CSIDriver", new CsiDriverStrategy());

    public static final ResourceType CSI_NODES =
            cluster(STORAGE, "v1", "csinodes", "CSINode")
                    .columns(StorageKindColumns.CSI_NODE)
                    .as("io.k8s.api.storage.v1.CSINode", new CsiNodeStrategy());

    public static final ResourceType CSI_STORAGE_CAPACITIES =
            namespaced(STORAGE, "v1", "csistoragecapacities", "CSIStorageCapacity")
                    .columns(StorageKindColumns.CSI_STORAGE_CAPACITY)
                    .as(
                            "io.k8s.api.storage.v1.CSIStorageCapacity",
                            new CsiStorageCapacityStrategy());

    public static final ResourceType VOLUME_ATTRIBUTES_CLASSES =
            cluster(STORAGE, "v1", "volumeattributesclasses", "VolumeAttributesClass")
                    .shortNames("vac")
                    .columns(StorageKindColumns.VOLUME_ATTRIBUTES_CLASS)
                    .as(
                            "io.k8s.api.storage.v1.VolumeAttributesClass",
                            new VolumeAttributesClassStrategy());

    public static final ResourceType CERTIFICATE_SIGNING_REQUESTS =
            cluster(CERTIFICATES, "v1", "certificatesigningrequests", "CertificateSigningRequest")
                    .shortNames("csr")
                    .subresources("approval", "status")
                    .columns(CertificateColumns.SIGNING_REQUEST)
                    .as(
                            "io.k8s.api.certificates.v1.CertificateSigningRequest",
                            new SigningRequestStrategy());

    public static final ResourceType FLOW_SCHEMAS =
            cluster(FLOW_CONTROL, "v1", "flowschemas", "FlowSchema")
                    .subresources("status")
                    .columns(FlowControlColumns.FLOW_SCHEMA)
                    .as("io.k8s.api.flowcontrol.v1.FlowSchema", new FlowSchemaStrategy());

    public static final ResourceType PRIORITY_LEVEL_CONFIGURATIONS =
            cluster(FLOW_CONTROL, "v1", "prioritylevelconfigurations", "PriorityLevelConfiguration")
                    .subresources("status")
                    .columns(FlowControlColumns.PRIORITY_LEVEL)
                    .as(
                            "io.k8s.api.flowcontrol.v1.PriorityLevelConfiguration",
                            new PriorityLevelStrategy());

    public static final ResourceType DEVICE_CLASSES =
            cluster(RESOURCE, "v1", "deviceclasses", "DeviceClass")
                    .as("io.k8s.api.resource.v1.DeviceClass", new DeviceClassStrategy());

    public static final ResourceType RESOURCE_CLAIMS =
            namespaced(RESOURCE, "v1", "resourceclaims", "ResourceClaim")
                    .subresources("status")
                    .columns(ResourceColumns.CLAIM)
                    .as("io.k8s.api.resource.v1.ResourceClaim", new ClaimStrategy());

    public static final ResourceType RESOURCE_CLAIM_TEMPLATES =
            namespaced(RESOURCE, "v1", "resourceclaimtemplates", "ResourceClaimTemplate")
                    .as(
                            "io.k8s.api.resource.v1.ResourceClaimTemplate",
                            new ClaimTemplateStrategy());

    public static final ResourceType RESOURCE_SLICES =
            cluster(RESOURCE, "v1", "resourceslices", "ResourceSlice")
                    .columns(ResourceColumns.SLICE)
                    .as("io.k8s.api.resource.v1.ResourceSlice", new ResourceSliceStrategy());

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

    public static final ResourceType FLOATING_IPS =
            namespaced(HYPERNETES, "v1", "floatingips", "FloatingIP")
                    .shortNames("fip")
                    .subresources("status")
                    .columns(HypernetesColumns.FLOATING_IP)
                    .as("io.hypernetes.v1.FloatingIP", new FloatingIpStrategy());

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
                    POD_TEMPLATES,
                    REPLICATION_CONTROLLERS,
                    RESOURCE_QUOTAS,
                    LIMIT_RANGES,
                    WorkloadTypes.DEPLOYMENTS,
                    WorkloadTypes.REPLICA_SETS,
                    WorkloadTypes.STATEFUL_SETS,
                    WorkloadTypes.DAEMON_SETS,
                    WorkloadTypes.CONTROLLER_REVISIONS,
                    WorkloadTypes.JOBS,
                    WorkloadTypes.CRON_JOBS,
                    WorkloadTypes.HORIZONTAL_POD_AUTOSCALERS,
                    WorkloadTypes.OLD_HORIZONTAL_POD_AUTOSCALERS,
                    WorkloadTypes.POD_DISRUPTION_BUDGETS,
                    PRIORITY_CLASSES,
                    RUNTIME_CLASSES,
                    ENDPOINT_SLICES,
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
                    NETWORK_POLICIES,
                    INGRESSES,
                    INGRESS_CLASSES,
                    IP_ADDRESSES,
                    SERVICE_CIDRS,
                    VOLUME_ATTACHMENTS,
                    CSI_DRIVERS,
                    CSI_NODES,
                    CSI_STORAGE_CAPACITIES,
                    VOLUME_ATTRIBUTES_CLASSES,
                    CERTIFICATE_SIGNING_REQUESTS,
                    ExtensionTypes.MUTATING_WEBHOOK_CONFIGURATIONS,
                    ExtensionTypes.VALIDATING_WEBHOOK_CONFIGURATIONS,
                    ExtensionTypes.VALIDATING_ADMISSION_POLICIES,
                    ExtensionTypes.VALIDATING_ADMISSION_POLICY_BINDINGS,
                    ExtensionTypes.MUTATING_ADMISSION_POLICIES,
                    ExtensionTypes.MUTATING_ADMISSION_POLICY_BINDINGS,
                    ExtensionTypes.API_SERVICES,
                    FLOW_SCHEMAS,
                    PRIORITY_LEVEL_CONFIGURATIONS,
                    DEVICE_CLASSES,
                    RESOURCE_CLAIMS,
                    RESOURCE_CLAIM_TEMPLATES,
                    RESOURCE_SLICES,
                    ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS,
                    ExtensionTypes.THIRD_PARTY_RESOURCES,
                    TENANTS,
                    USERS,
                    NETWORKS,
                    FLOATING_IPS);

    private BuiltinTypes() {}
}
