package io.hypernetes.api;

import java.util.List;
import java.util.Set;

/**
 * A resource that the server serves: one row of the table of built-in types, later also a CRD.
 * Built-in and custom types travel through the same pipeline; a built-in differs only in that its
 * strategy has code.
 *
 * @param kind for instance {@code Pod}; its list is {@code PodList}
 * @param schema the definition's name in the schema data, {@code io.k8s.api.core.v1.Pod}
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
        String schema,
        List<Column> columns,
        Strategy strategy) {

    public GroupVersionKind groupVersionKind() {
        return new GroupVersionKind(id.group(), version, kind);
    }

    public String apiVersion() {
        return groupVersionKind().apiVersion();
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
