package io.hypernetes.server.discovery;

import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Strategy.Handling;
import io.hypernetes.api.types.BuiltinTypes;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A resource as discovery tells of it.
 *
 * @param subresources in the order of their names
 * @param storedAs the kind that is kept of it; empty when nothing is
 */
record Discovered(
        String group,
        String version,
        String resource,
        String singular,
        String kind,
        boolean namespaced,
        List<String> verbs,
        List<String> shortNames,
        List<String> categories,
        List<Part> subresources,
        Optional<GroupVersionKind> storedAs) {
    /** A subresource. */
    record Part(String name, GroupVersionKind kind, List<String> verbs) {}

    /** Bytes of the hash that are told. */
    private static final int HASHED = 8;

    private static final List<String> ALL_VERBS =
            List.of(
                    "create",
                    "delete",
                    "deletecollection",
                    "get",
                    "list",
                    "patch",
                    "update",
                    "watch");

    /** They go one by one: each takes all that is in it along. */
    private static final List<String> VERBS_OF_NAMESPACES =
            ALL_VERBS.stream().filter(verb -> !verb.equals("deletecollection")).toList();

    /** Upstream has another order for them, and clients may show it as it comes. */
    private static final List<String> VERBS_OF_CUSTOM =
            List.of(
                    "delete",
                    "deletecollection",
                    "get",
                    "list",
                    "patch",
                    "create",
                    "update",
                    "watch");

    private static final List<String> VERBS_OF_ENDING =
            List.of("delete", "deletecollection", "get", "list", "watch");

    /** What is answered by a kind other than the object's own. */
    private static final Map<String, GroupVersionKind> PART_KINDS =
            Map.of(
                    "scale", new GroupVersionKind("autoscaling", "v1", "Scale"),
                    "binding", new GroupVersionKind("", "v1", "Binding"),
                    "eviction", new GroupVersionKind("policy", "v1", "Eviction"),
                    "exec", new GroupVersionKind("", "v1", "PodExecOptions"),
                    "attach", new GroupVersionKind("", "v1", "PodAttachOptions"),
                    "portforward", new GroupVersionKind("", "v1", "PodPortForwardOptions"),
                    "token", new GroupVersionKind("authentication.k8s.io", "v1", "TokenRequest"));

    String apiVersion() {
        return group.isEmpty() ? version : group + "/" + version;
    }

    /** The resource metrics API, which has no objects and no schemas of its own. */
    static final List<Discovered> METRICS =
            List.of(metrics("nodes", "NodeMetrics", false), metrics("pods", "PodMetrics", true));

    /** What a tenant can read of its own requests. */
    static final Discovered AUDIT_EVENTS =
            new Discovered(
                    "hypernetes.io",
                    "v1",
                    "auditevents",
                    "auditevent",
                    "AuditEvent",
                    false,
                    List.of("list"),
                    List.of(),
                    List.of(),
                    List.of(),
                    Optional.empty());

    private static Discovered metrics(String resource, String kind, boolean namespaced) {
        return new Discovered(
                "metrics.k8s.io",
                "v1beta1",
                resource,
                "",
                kind,
                namespaced,
                List.of("get", "list"),
                List.of(),
                List.of(),
                List.of(),
                Optional.empty());
    }

    static Discovered of(ResourceType type) {
        return new Discovered(
                type.id().group(),
                type.version(),
                type.id().resource(),
                type.singular(),
                type.kind(),
                type.namespaced(),
                switch (type.strategy().handling()) {
                    case STORED -> verbsOfStored(type);
                    case ASKED -> List.of("create");
                    case REPORTED -> List.of("get", "list");
                },
                type.shortNames(),
                type.categories(),
                type.subresources().stream().sorted().map(name -> part(type, name)).toList(),
                type.strategy().handling() == Handling.STORED
                        ? Optional.of(type.storage().kind())
                        : Optional.empty());
    }

    private static List<String> verbsOfStored(ResourceType type) {
        if (type.schema().isCustom()) {
            return type.strategy().isEnding() ? VERBS_OF_ENDING : VERBS_OF_CUSTOM;
        }
        return type.id().equals(BuiltinTypes.NAMESPACES.id()) ? VERBS_OF_NAMESPACES : ALL_VERBS;
    }

    /** Tells a migrator of stored objects that they are kept otherwise now (KEP-2339). */
    Optional<String> storageVersionHash() {
        return storedAs.map(kind -> {
            String text = kind.group() + "/" + kind.version() + "/" + kind.kind();
            byte[] hash = sha256(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(Arrays.copyOf(hash, HASHED));
        });
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Part part(ResourceType type, String name) {
        List<String> verbs =
                switch (name) {
                    case "status", "scale", "approval", "ephemeralcontainers", "resize" ->
                            List.of("get", "patch", "update");
                    case "finalize" -> List.of("update");
                    case "log" -> List.of("get");
                    case "exec", "attach", "portforward" -> List.of("create", "get");
                    default -> List.of("create");
                };
        if (name.equals("proxy")) {
            return new Part(
                    name,
                    new GroupVersionKind("", "v1", type.kind() + "ProxyOptions"),
                    List.of("create", "delete", "get", "patch", "update"));
        }
        return new Part(name, PART_KINDS.getOrDefault(name, type.groupVersionKind()), verbs);
    }
}
