package io.hypernetes.api.access;

import io.hypernetes.api.Tenant;

/**
 * What a request wants to do, as Kubernetes' {@code authorizer.Attributes}, with the tenant whose
 * world it acts in.
 *
 * @param verb {@code get}, {@code list}, {@code watch}, {@code create}, {@code update}, {@code
 *     patch}, {@code delete}, {@code deletecollection}, or the lower-case HTTP method for paths
 *     that are no resource
 * @param namespace empty for cluster-scoped requests and all namespaces
 * @param name empty for lists and creates
 * @param path the path when it is no resource ({@code /version}), else empty
 */
public record Attributes(
        UserInfo user,
        Tenant tenant,
        String verb,
        String group,
        String version,
        String resource,
        String subresource,
        String namespace,
        String name,
        String path) {

    public boolean isResource() {
        return path.isEmpty();
    }
}
