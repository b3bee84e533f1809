package io.hypernetes.api.access;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.Status.Reason;
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

    /** The refusal in upstream's words. */
    public ApiException forbidden(String reason) {
        String because = reason.isEmpty() ? "" : ": " + reason;
        String user = "User \"" + user().name() + "\" cannot " + verb();
        if (!isResource()) {
            return ApiException.of(
                    Reason.FORBIDDEN, "forbidden: " + user + " path \"" + path() + "\"" + because);
        }
        String resource = subresource().isEmpty() ? resource() : resource() + "/" + subresource();
        String where =
                namespace().isEmpty()
                        ? " at the cluster scope"
                        : " in the namespace \"" + namespace() + "\"";
        return ApiException.forbidden(
                new GroupResource(group(), resource()),
                name(),
                user
                        + " resource \""
                        + resource
                        + "\" in API group \""
                        + group()
                        + "\""
                        + where
                        + because);
    }
}
