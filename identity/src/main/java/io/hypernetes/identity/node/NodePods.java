package io.hypernetes.identity.node;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.core.ContainerLists;
import io.hypernetes.controllerruntime.FeedReader;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What the pods of all tenants that are bound to a node name in their specs. It keeps no pod, and
 * looks into none that is not bound. One thread, the feed's, changes it; any may ask.
 */
final class NodePods implements FeedReader.Listener, AutoCloseable {

    /**
     * @param resource {@code secrets}, {@code configmaps}, {@code persistentvolumeclaims} or {@code
     *     serviceaccounts}
     */
    record Used(Tenant tenant, String resource, String namespace, String name) {}

    private final FeedReader reader;

    /** By node, then by pod; each set is made once. */
    private final Map<String, Map<ObjectKey, Set<Used>>> used = new ConcurrentHashMap<>();

    /** The reader's own: where each bound pod is. */
    private final Map<ObjectKey, String> nodes = new HashMap<>();

    /** The reader's own: what was known before everything comes again, and has not come yet. */
    private final Set<ObjectKey> missing = new HashSet<>();

    NodePods(ChangeFeed feed) {
        reader = new FeedReader(feed).listen(this);
    }

    void start() {
        reader.start();
    }

    void awaitSynced() throws InterruptedException {
        reader.awaitComplete();
    }

    @Override
    public void close() {
        reader.close();
    }

    boolean uses(String node, Used wanted) {
        return used.getOrDefault(node, Map.of()).values().stream()
                .anyMatch(all -> all.contains(wanted));
    }

    @Override
    public void restarted() {
        missing.addAll(nodes.keySet());
    }

    @Override
    public void seen(ChangeFeed.Item item) {
        if (!item.resource().equals(BuiltinTypes.PODS.id())) {
            return;
        }
        ObjectKey key = item.key();
        missing.remove(key);
        String node = item.gone() || !item.mentions("\"nodeName\"") ? "" : node(item.object());
        if (!node.equals(nodes.get(key))) {
            forget(key);
        }
        if (!node.isEmpty()) {
            nodes.put(key, node);
            used.computeIfAbsent(node, _ -> new ConcurrentHashMap<>())
                    .put(key, of(item.object(), key));
        }
    }

    @Override
    public void complete() {
        missing.forEach(this::forget);
        missing.clear();
    }

    private void forget(ObjectKey key) {
        String node = nodes.remove(key);
        if (node != null) {
            used.computeIfPresent(
                    node,
                    (_, pods) -> {
                        pods.remove(key);
                        return pods.isEmpty() ? null : pods;
                    });
        }
    }

    private static String node(ObjectNode pod) {
        return pod.path("spec").path("nodeName").asString("");
    }

    private static Set<Used> of(ObjectNode pod, ObjectKey of) {
        Set<Used> all = new LinkedHashSet<>();
        JsonNode spec = pod.path("spec");
        add(all, "serviceaccounts", of, spec.path("serviceAccountName"));
        for (JsonNode secret : spec.path("imagePullSecrets")) {
            add(all, "secrets", of, secret.path("name"));
        }
        for (String list : ContainerLists.ALL) {
            spec.path(list).forEach(container -> container(all, of, container));
        }
        spec.path("volumes").forEach(volume -> volume(all, of, volume));
        return Set.copyOf(all);
    }

    private static void container(Set<Used> all, ObjectKey of, JsonNode container) {
        for (JsonNode source : container.path("envFrom")) {
            add(all, "configmaps", of, source.path("configMapRef").path("name"));
            add(all, "secrets", of, source.path("secretRef").path("name"));
        }
        for (JsonNode variable : container.path("env")) {
            JsonNode from = variable.path("valueFrom");
            add(all, "configmaps", of, from.path("configMapKeyRef").path("name"));
            add(all, "secrets", of, from.path("secretKeyRef").path("name"));
        }
    }

    private static void volume(Set<Used> all, ObjectKey of, JsonNode volume) {
        add(all, "secrets", of, volume.path("secret").path("secretName"));
        add(all, "configmaps", of, volume.path("configMap").path("name"));
        add(
                all,
                "persistentvolumeclaims",
                of,
                volume.path("persistentVolumeClaim").path("claimName"));
        for (JsonNode source : volume.path("projected").path("sources")) {
            add(all, "secrets", of, source.path("secret").path("name"));
            add(all, "configmaps", of, source.path("configMap").path("name"));
        }
    }

    private static void add(Set<Used> all, String resource, ObjectKey of, JsonNode name) {
        if (!name.asString("").isEmpty()) {
            all.add(new Used(of.tenant(), resource, of.namespace(), name.asString("")));
        }
    }
}
