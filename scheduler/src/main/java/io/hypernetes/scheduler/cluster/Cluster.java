package io.hypernetes.scheduler.cluster;

import io.hypernetes.api.Tenant;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The nodes and what is on them, with those pods that have just been placed and whose binding is
 * not seen yet. Pods are also found by tenant and namespace, because no pod's affinity or spread
 * looks over the border of its tenant.
 *
 * <p>Not for several threads: the scheduler's lock guards it.
 */
public final class Cluster {

    private record Home(Tenant tenant, String namespace) {}

    private final Map<String, NodeState> states = new HashMap<>();
    private final TreeMap<String, NodeState> nodes = new TreeMap<>();
    private final Map<String, PodView> placed = new HashMap<>();
    private final Map<Home, Map<String, PodView>> homes = new HashMap<>();
    private final Map<Tenant, Map<String, PodView>> tenants = new HashMap<>();
    private final Map<Tenant, Map<String, PodView>> repelling = new HashMap<>();
    private final Map<Tenant, Map<String, PodView>> attracting = new HashMap<>();
    private final Map<String, Map<String, PodView>> families = new HashMap<>();
    private final Map<String, Integer> images = new HashMap<>();
    private int toAvoid;

    /** In the order of their names. */
    public Collection<NodeState> nodes() {
        return Collections.unmodifiableCollection(nodes.values());
    }

    public Optional<NodeState> node(String name) {
        return Optional.ofNullable(nodes.get(name));
    }

    public void putNode(NodeView node) {
        NodeState state = states.computeIfAbsent(node.name(), NodeState::new);
        forgetWords(node.name());
        node.images().keySet().forEach(image -> images.merge(image, 1, Integer::sum));
        toAvoid += node.isToAvoid() ? 1 : 0;
        state.show(node);
        nodes.put(node.name(), state);
    }

    public void removeNode(String name) {
        forgetWords(name);
        NodeState state = nodes.remove(name);
        if (state != null) {
            state.hide();
            if (state.isForgotten()) {
                states.remove(name);
            }
        }
    }

    private void forgetWords(String node) {
        NodeState known = nodes.get(node);
        if (known != null) {
            known.view().images().keySet().forEach(image -> images.merge(image, -1, Integer::sum));
            images.values().removeIf(count -> count <= 0);
            toAvoid -= known.view().isToAvoid() ? 1 : 0;
        }
    }

    /** Whether some node had rather be left alone by those who do not tolerate it. */
    public boolean hasNodesToAvoid() {
        return toAvoid > 0;
    }

    /** On how many nodes the image is. */
    public int nodesWith(String image) {
        return images.getOrDefault(image, 0);
    }

    /** The pod is, or is about to be, on its node. */
    public void put(PodView pod) {
        remove(pod.uid());
        placed.put(pod.uid(), pod);
        states.computeIfAbsent(pod.node(), NodeState::new).add(pod);
        Tenant tenant = pod.key().tenant();
        index(homes, new Home(tenant, pod.key().namespace()), pod);
        index(tenants, tenant, pod);
        if (!pod.affinity().apart().isEmpty()) {
            index(repelling, tenant, pod);
        }
        if (pod.affinity().attracts()) {
            index(attracting, tenant, pod);
        }
        if (!pod.owner().isEmpty()) {
            index(families, pod.owner(), pod);
        }
    }

    /** The pod is gone, has ended, or was not bound after all. */
    public void remove(String uid) {
        PodView pod = placed.remove(uid);
        if (pod == null) {
            return;
        }
        NodeState state = states.get(pod.node());
        if (state != null) {
            state.remove(pod);
            if (state.isForgotten()) {
                states.remove(pod.node());
            }
        }
        Tenant tenant = pod.key().tenant();
        unindex(homes, new Home(tenant, pod.key().namespace()), uid);
        unindex(tenants, tenant, uid);
        unindex(repelling, tenant, uid);
        unindex(attracting, tenant, uid);
        unindex(families, pod.owner(), uid);
    }

    public Optional<PodView> placed(String uid) {
        return Optional.ofNullable(placed.get(uid));
    }

    public Collection<PodView> pods(Tenant tenant) {
        return indexed(tenants, tenant);
    }

    public Collection<PodView> pods(Tenant tenant, String namespace) {
        return indexed(homes, new Home(tenant, namespace));
    }

    /** The tenant's pods that must not be beside certain others. */
    public Collection<PodView> repelling(Tenant tenant) {
        return indexed(repelling, tenant);
    }

    /** The tenant's pods whose wishes score where others go. */
    public Collection<PodView> attracting(Tenant tenant) {
        return indexed(attracting, tenant);
    }

    /** Pods of one controller. */
    public Collection<PodView> family(String owner) {
        return indexed(families, owner);
    }

    private static <K> void index(Map<K, Map<String, PodView>> index, K key, PodView pod) {
        index.computeIfAbsent(key, _ -> new LinkedHashMap<>()).put(pod.uid(), pod);
    }

    private static <K> void unindex(Map<K, Map<String, PodView>> index, K key, String uid) {
        Map<String, PodView> pods = index.get(key);
        if (pods != null) {
            pods.remove(uid);
            if (pods.isEmpty()) {
                index.remove(key);
            }
        }
    }

    private static <K> Collection<PodView> indexed(Map<K, Map<String, PodView>> index, K key) {
        return Collections.unmodifiableCollection(index.getOrDefault(key, Map.of()).values());
    }
}
