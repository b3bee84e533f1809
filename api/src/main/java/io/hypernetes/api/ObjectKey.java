package io.hypernetes.api;

/**
 * Which object: the tenant is in the key.
 *
 * @param namespace empty for a cluster-scoped object
 */
public record ObjectKey(Tenant tenant, String namespace, String name) {
    @Override
    public String toString() {
        return tenant + ":" + (namespace.isEmpty() ? name : namespace + "/" + name);
    }
}
