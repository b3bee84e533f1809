package io.hypernetes.store;

/**
 * The objects that one list or one watch is about; always one contiguous range of keys. There is no
 * range for one namespace of all tenants.
 *
 * @param tenant empty: all tenants
 * @param namespace empty: all namespaces, and cluster-scoped objects
 */
public record ObjectRange(String group, String resource, String tenant, String namespace) {

    public ObjectRange {
        ObjectPath.segment(group, "group", true);
        ObjectPath.segment(resource, "resource", false);
        ObjectPath.segment(tenant, "tenant", true);
        ObjectPath.segment(namespace, "namespace", true);
        if (tenant.isEmpty() && !namespace.isEmpty()) {
            throw new IllegalArgumentException(
                    "namespace '" + namespace + "' of all tenants is not one range: name a tenant");
        }
    }

    /** All objects of a resource, of all tenants. */
    public static ObjectRange ofResource(String group, String resource) {
        return new ObjectRange(group, resource, "", "");
    }

    public static ObjectRange ofTenant(String group, String resource, String tenant) {
        ObjectPath.segment(tenant, "tenant", false);
        return new ObjectRange(group, resource, tenant, "");
    }

    public static ObjectRange ofNamespace(
            String group, String resource, String tenant, String namespace) {
        ObjectPath.segment(namespace, "namespace", false);
        return new ObjectRange(group, resource, tenant, namespace);
    }

    public KeyRange keys() {
        String prefix = group + '/' + resource + '/';
        if (!tenant.isEmpty()) {
            prefix += tenant + '/';
        }
        if (!namespace.isEmpty()) {
            prefix += namespace + '/';
        }
        return KeyRange.ofPrefix(prefix);
    }

    public boolean contains(ObjectPath path) {
        return group.equals(path.group())
                && resource.equals(path.resource())
                && (tenant.isEmpty() || tenant.equals(path.tenant()))
                && (namespace.isEmpty() || namespace.equals(path.namespace()));
    }
}
