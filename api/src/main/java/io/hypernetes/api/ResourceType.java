package io.hypernetes.api;

import io.hypernetes.api.schema.ObjectSchema;

import java.util.List;
import java.util.Set;

/**
 * A version of a resource that the server serves: one row of the table of built-in types, or one
 * version of a CustomResourceDefinition. Both travel through the same pipeline; a built-in differs
 * only in that its strategy has code.
 *
 * @param kind for instance {@code Pod}; its list is {@code PodList}
 * @param schema what its objects look like
 * @param storage where and in which version its objects are kept
 * @param subresources names served below an object: {@code status}, {@code log}, {@code exec}, …
 * @param columns of {@code kubectl get} in their order; {@code types.Columns.shown} adds NAME first
 *     and AGE last where the row does not place them itself
 */
public record ResourceType(
        GroupResource id,
        String version,
        String kind,
        String singular,
        List<String> shortNames,
        List<String> categories,
        Scope scope,
        Set<String> subresources,
        ObjectSchema schema,
        Storage storage,
        List<Column> columns,
        Strategy strategy) {

    public GroupVersionKind groupVersionKind() {
        return new GroupVersionKind(id.group(), version, kind);
    }

    public String apiVersion() {
        return groupVersionKind().apiVersion();
    }

    /** Whether its objects are stored as they are served. */
    public boolean isStored() {
        return storage.kind().equals(groupVersionKind());
    }

    public boolean namespaced() {
        return scope == Scope.NAMESPACED;
    }

    public boolean hasStatus() {
        return subresources.contains("status");
    }

    /** {@code pods} or {@code roles.rbac.authorization.k8s.io}, as messages name it. */
    @Override
    public String toString() {
        return id.toString();
    }
}
