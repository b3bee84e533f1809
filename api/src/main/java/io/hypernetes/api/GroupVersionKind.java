package io.hypernetes.api;

/**
 * A kind of thing as manifests name it.
 *
 * @param group the API group, empty for the core group
 */
public record GroupVersionKind(String group, String version, String kind) {

    /** The {@code apiVersion} field of a manifest: {@code v1}, {@code apps/v1}. */
    public String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    public static GroupVersionKind of(String apiVersion, String kind) {
        int slash = apiVersion.indexOf('/');
        return slash < 0
                ? new GroupVersionKind("", apiVersion, kind)
                : new GroupVersionKind(
                        apiVersion.substring(0, slash), apiVersion.substring(slash + 1), kind);
    }

    @Override
    public String toString() {
        return apiVersion() + ", Kind=" + kind;
    }
}
