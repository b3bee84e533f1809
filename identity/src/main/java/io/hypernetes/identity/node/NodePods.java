package io.hypernetes.identity.node;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the pods of the operator's world that are bound to a node name in their specs. */
final class NodePods implements AutoCloseable {

    /**
     * @param resource {@code secrets}, {@code configmaps}, {@code persistentvolumeclaims} or {@code
     *     serviceaccounts}
     */
    record Used(String resource, String namespace, String name) {}

    private final Informer pods;

    /** By node, then by pod; each set is made once. */
    private final Map<String, Map<ObjectKey, Set<Used>>> used = new ConcurrentHashMap<>();

    NodePods(Client client) {
        pods = new Informer(client, BuiltinTypes.PODS, Selection.of(Tenant.SYSTEM));
        pods.listen(this::changed);
    }

    void start() {
        pods.start();
    }

    void awaitSynced() throws InterruptedException {
        pods.awaitSynced();
    }

    @Override
    public void close() {
        pods.close();
    }

    boolean uses(String node, Used wanted) {
        return used.getOrDefault(node, Map.of()).values().stream()
                .anyMatch(all -> all.contains(wanted));
    }

    private void changed(ObjectKey key, Optional<ObjectNode> old, Optional<ObjectNode> current) {
        String before = old.map(NodePods::node).orElse("");
        String now = current.map(NodePods::node).orElse("");
        if (!now.isEmpty()) {
            used.computeIfAbsent(now, _ -> new ConcurrentHashMap<>())
                    .put(key, of(current.orElseThrow(), key.namespace()));
        }
        if (!before.isEmpty() && !before.equals(now)) {
            used.computeIfPresent(
                    before,
                    (_, ofNode) -> {
                        ofNode.remove(key);
                        return ofNode.isEmpty() ? null : ofNode;
                    });
        }
    }

    private static String node(ObjectNode pod) {
        return pod.path("spec").path("nodeName").asString("");
    }

    private static Set<Used> of(ObjectNode pod, String namespace) {
        Set<Used> all = new LinkedHashSet<>();
        JsonNode spec = pod.path("spec");
        add(all, "serviceaccounts", namespace, spec.path("serviceAccountName"));
        for (JsonNode secret : spec.path("imagePullSecrets")) {
            add(all, "secrets", namespace, secret.path("name"));
        }
        for (String list : new String[] {"initContainers", "containers", "ephemeralContainers"}) {
            spec.path(list).forEach(container -> container(all, namespace, container));
        }
        spec.path("volumes").forEach(volume -> volume(all, namespace, volume));
        return Set.copyOf(all);
    }

    private static void container(Set<Used> all, String namespace, JsonNode container) {
        for (JsonNode source : container.path("envFrom")) {
            add(all, "configmaps", namespace, source.path("configMapRef").path("name"));
            add(all, "secrets", namespace, source.path("secretRef").path("name"));
        }
        for (JsonNode variable : container.path("env")) {
            JsonNode from = variable.path("valueFrom");
            add(all, "configmaps", namespace, from.path("configMapKeyRef").path("name"));
            add(all, "secrets", namespace, from.path("secretKeyRef").path("name"));
        }
    }

    private static void volume(Set<Used> all, String namespace, JsonNode volume) {
        add(all, "secrets", namespace, volume.path("secret").path("secretName"));
        add(all, "configmaps", namespace, volume.path("configMap").path("name"));
        add(
                all,
                "persistentvolumeclaims",
                namespace,
                volume.path("persistentVolumeClaim").path("claimName"));
        for (JsonNode source : volume.path("projected").path("sources")) {
            add(all, "secrets", namespace, source.path("secret").path("name"));
            add(all, "configmaps", namespace, source.path("configMap").path("name"));
        }
    }

    private static void add(Set<Used> all, String resource, String namespace, JsonNode name) {
        if (!name.asString("").isEmpty()) {
            all.add(new Used(resource, namespace, name.asString("")));
        }
    }
}
