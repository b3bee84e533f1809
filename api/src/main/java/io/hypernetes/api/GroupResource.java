package io.hypernetes.api;

/**
 * A kind of thing as paths name it, whatever its version: {@code pods}, {@code
 * roles.rbac.authorization.k8s.io}.
 *
 * @param group the API group, empty for the core group
 * @param resource the plural name
 */
public record GroupResource(String group, String resource) {
    @Override
    public String toString() {
        return group.isEmpty() ? resource : resource + "." + group;
    }
}
