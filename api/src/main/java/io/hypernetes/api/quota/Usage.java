package io.hypernetes.api.quota;

import io.hypernetes.api.GroupResource;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.quantity.Quantity.Format;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What one object uses of its namespace's quotas. */
public final class Usage {
    public static final GroupResource PODS = new GroupResource("", "pods");
    public static final GroupResource SERVICES = new GroupResource("", "services");
    public static final GroupResource CLAIMS = new GroupResource("", "persistentvolumeclaims");

    /** Everything that is stored, whatever it is; a limit of tenants alone. */
    public static final String OBJECTS = "objects";

    /** Of the operator's pool, for services and FloatingIPs alike; a limit of tenants alone. */
    public static final String ADDRESSES = "addresses";

    /** Of these addresses those that FloatingIPs hold; a limit of tenants alone. */
    public static final String FLOATING = "floatingips";

    static final GroupResource FLOATING_IPS = new GroupResource("hypernetes.io", "floatingips");

    static final String CLASS_SUFFIX = ".storageclass.storage.k8s.io/";

    /** Counted also under their bare name, from the time before {@code count/}. */
    private static final Set<String> BARE =
            Set.of("configmaps", "resourcequotas", "replicationcontrollers", "secrets");

    private static final Quantity ONE = Quantity.of(1, Format.DECIMAL_SI);

    /** The others use as much whatever is in them. */
    private static final Set<GroupResource> TOLD_BY_CONTENT = Set.of(PODS, SERVICES, CLAIMS);

    private Usage() {}

    /** Whether an object of this resource must be looked into to know what it uses. */
    public static boolean isToldByContent(GroupResource resource) {
        return TOLD_BY_CONTENT.contains(resource);
    }

    /** {@code count/pods}, {@code count/deployments.apps}. */
    public static String countName(GroupResource resource) {
        return "count/" + resource;
    }

    public static ResourceList of(GroupResource resource, ObjectNode object, Instant now) {
        Map<String, Quantity> used = new TreeMap<>();
        used.put(countName(resource), ONE);
        used.put(OBJECTS, ONE);
        if (resource.equals(PODS)) {
            if (isCharged(object, now)) {
                pod(Allocated.counted(object), used);
            }
        } else if (resource.equals(SERVICES)) {
            service(object.path("spec"), used);
        } else if (resource.equals(CLAIMS)) {
            claim(object, used);
        } else if (resource.equals(FLOATING_IPS)) {
            used.put(ADDRESSES, ONE);
            used.put(FLOATING, ONE);
        } else if (resource.group().isEmpty() && BARE.contains(resource.resource())) {
            used.put(resource.resource(), ONE);
        }
        return ResourceList.of(used);
    }

    /** A pod that has ended, or should have long ago, uses nothing but its place in the store. */
    private static boolean isCharged(ObjectNode pod, Instant now) {
        String phase = pod.path("status").path("phase").asString("");
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            return false;
        }
        String deletion = Metadata.deletionTimestamp(pod);
        JsonNode grace = pod.path("metadata").path("deletionGracePeriodSeconds");
        if (deletion.isEmpty() || !grace.isNumber()) {
            return true;
        }
        try {
            return !now.isAfter(Instant.parse(deletion).plusSeconds(grace.asLong(0)));
        } catch (DateTimeParseException _) {
            return true;
        }
    }

    private static void pod(JsonNode spec, Map<String, Quantity> used) {
        used.put("pods", ONE);
        used.putAll(compute(PodResources.requests(spec), PodResources.limits(spec)));
    }

    /** Requests and limits under all names that quotas know them by. */
    static Map<String, Quantity> compute(ResourceList requests, ResourceList limits) {
        Map<String, Quantity> used = new TreeMap<>();
        requests.amounts()
                .forEach((name, amount) -> {
                    boolean standard = isStandard(name);
                    if (standard || name.startsWith("hugepages-")) {
                        used.put(name, amount);
                    }
                    if (standard || name.startsWith("hugepages-") || isExtended(name)) {
                        used.put("requests." + name, amount);
                    }
                });
        limits.amounts()
                .forEach((name, amount) -> {
                    if (isStandard(name)) {
                        used.put("limits." + name, amount);
                    }
                });
        return used;
    }

    private static boolean isStandard(String name) {
        return name.equals("cpu") || name.equals("memory") || name.equals("ephemeral-storage");
    }

    /** Devices and the like: a name with a domain that is not Kubernetes' own. */
    static boolean isExtended(String name) {
        return name.contains("/")
                && !name.contains("kubernetes.io/")
                && !name.startsWith("requests.");
    }

    private static void service(JsonNode spec, Map<String, Quantity> used) {
        used.put("services", ONE);
        String type = spec.path("type").asString("");
        long ports = spec.path("ports").size();
        if (type.equals("LoadBalancer")
                && spec.path("allocateLoadBalancerNodePorts").isBoolean()
                && !spec.path("allocateLoadBalancerNodePorts").booleanValue()) {
            ports = 0;
            for (JsonNode port : spec.path("ports")) {
                ports += port.path("nodePort").asLong(0) > 0 ? 1 : 0;
            }
        }
        boolean onNodes = type.equals("NodePort") || type.equals("LoadBalancer");
        used.put("services.nodeports", Quantity.of(onNodes ? ports : 0, Format.DECIMAL_SI));
        Quantity outside = type.equals("LoadBalancer") ? ONE : Quantity.ZERO;
        used.put("services.loadbalancers", outside);
        used.put(ADDRESSES, outside);
    }

    private static void claim(ObjectNode claim, Map<String, Quantity> used) {
        String storageClass =
                Metadata.annotations(claim)
                        .getOrDefault(
                                "volume.beta.kubernetes.io/storage-class",
                                claim.path("spec").path("storageClassName").asString(""));
        ResourceList asked =
                ResourceList.of(claim.path("spec").path("resources").path("requests"))
                        .max(ResourceList.of(claim.path("status").path("allocatedResources")));
        used.put("persistentvolumeclaims", ONE);
        asked.get("storage").ifPresent(amount -> used.put("requests.storage", amount));
        if (!storageClass.isEmpty()) {
            String prefix = storageClass + CLASS_SUFFIX;
            used.put(prefix + "persistentvolumeclaims", ONE);
            asked.get("storage").ifPresent(amount -> used.put(prefix + "requests.storage", amount));
        }
    }
}
