package io.hypernetes.tenancy;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.flowcontrol.MandatoryObjects;
import io.hypernetes.api.types.flowcontrol.SuggestedObjects;
import io.hypernetes.api.types.scheduling.PriorityClassStrategy;
import io.hypernetes.identity.account.Account;
import io.hypernetes.identity.rbac.DefaultRoles;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/** What the operator's own world has from the first start on. */
public final class SystemWorld {

    /** The StorageClass of the built-in volume pool. */
    public static final String LOCAL_STORAGE_CLASS = "local";

    public static final String LOCAL_PROVISIONER = "local.hypernetes.io";

    /** The range of service addresses, the same in every world. */
    private static final String SERVICE_CIDR = "kubernetes";

    private static final List<String> NAMESPACES =
            List.of("default", "kube-system", "kube-public", "kube-node-lease", Account.NAMESPACE);

    /** Upstream's, with what they say of themselves. */
    private static final Map<String, String> SYSTEM_PRIORITIES =
            Map.of(
                    "system-cluster-critical",
                    "Used for system critical pods that must run in the cluster, but can be moved"
                            + " to another node if necessary.",
                    "system-node-critical",
                    "Used for system critical pods that must not be moved from their current"
                            + " node.");

    private SystemWorld() {}

    /** Makes what is missing and completes the default roles; at every start. */
    public static void bootstrap(Client client) {
        Objects objects = new Objects(client);
        for (String namespace : NAMESPACES) {
            ObjectKey key = key(namespace);
            objects.ensure(BuiltinTypes.NAMESPACES, key, Objects.named(key));
        }
        DefaultRights rights = new DefaultRights(client);
        DefaultRoles.clusterRoles()
                .forEach(role -> rights.ensure(BuiltinTypes.CLUSTER_ROLES, role));
        DefaultRoles.clusterRoleBindings()
                .forEach(binding -> rights.ensure(BuiltinTypes.CLUSTER_ROLE_BINDINGS, binding));
        objects.ensure(BuiltinTypes.SERVICE_CIDRS, key(SERVICE_CIDR), serviceCidr());
        objects.ensure(BuiltinTypes.STORAGE_CLASSES, key(LOCAL_STORAGE_CLASS), localStorageClass());
        SYSTEM_PRIORITIES.forEach((name, description) ->
                objects.ensure(
                        BuiltinTypes.PRIORITY_CLASSES,
                        key(name),
                        Objects.named(key(name))
                                .put("value", PriorityClassStrategy.OF_THE_SYSTEM.get(name))
                                .put("description", description)));
        for (Map<String, JsonNode> levels :
                List.of(MandatoryObjects.PRIORITY_LEVELS, SuggestedObjects.PRIORITY_LEVELS)) {
            flowControl(objects, BuiltinTypes.PRIORITY_LEVEL_CONFIGURATIONS, levels);
        }
        for (Map<String, JsonNode> schemas :
                List.of(MandatoryObjects.FLOW_SCHEMAS, SuggestedObjects.FLOW_SCHEMAS)) {
            flowControl(objects, BuiltinTypes.FLOW_SCHEMAS, schemas);
        }
        ObjectKey tenant = key(Tenant.SYSTEM.name());
        objects.ensure(BuiltinTypes.TENANTS, tenant, Objects.named(tenant));
    }

    private static void flowControl(
            Objects objects, ResourceType type, Map<String, JsonNode> specs) {
        specs.forEach((name, spec) -> {
            ObjectNode object = Objects.named(key(name));
            Metadata.ensureAnnotations(object).put("apf.kubernetes.io/autoupdate-spec", "true");
            object.set("spec", spec.deepCopy());
            objects.ensure(type, key(name), object);
        });
    }

    private static ObjectNode serviceCidr() {
        ObjectNode cidr = Objects.named(key(SERVICE_CIDR));
        cidr.putObject("spec").putArray("cidrs").add(ApiService.DEFAULT_RANGE);
        return cidr;
    }

    private static ObjectNode localStorageClass() {
        ObjectNode storageClass = Objects.named(key(LOCAL_STORAGE_CLASS));
        Metadata.ensureAnnotations(storageClass)
                .put("storageclass.kubernetes.io/is-default-class", "true");
        return storageClass
                .put("provisioner", LOCAL_PROVISIONER)
                .put("reclaimPolicy", "Delete")
                .put("volumeBindingMode", "Immediate");
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(Tenant.SYSTEM, "", name);
    }
}
