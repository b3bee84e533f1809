package io.hypernetes.api.types.core;

import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/**
 * What a service's spec says. A service is a union whose members overlap: which fields mean
 * something depends on its type.
 */
public record ServiceSpec(JsonNode spec) {

    /** In place of an address: a service without one. */
    public static final String NONE = "None";

    public static final String IPV4 = "IPv4";
    public static final String IPV6 = "IPv6";
    public static final String SINGLE_STACK = "SingleStack";
    public static final String PREFER_DUAL_STACK = "PreferDualStack";
    public static final String REQUIRE_DUAL_STACK = "RequireDualStack";

    public static ServiceSpec of(ObjectNode service) {
        return new ServiceSpec(service.path("spec"));
    }

    public String type() {
        String type = Trees.text(spec, "type");
        return type.isEmpty() ? "ClusterIP" : type;
    }

    public boolean isExternalName() {
        return type().equals("ExternalName");
    }

    public boolean isLoadBalancer() {
        return type().equals("LoadBalancer");
    }

    public boolean usesNodePorts() {
        return type().equals("NodePort") || isLoadBalancer();
    }

    public boolean isReachedFromOutside() {
        return usesNodePorts() || type().equals("ClusterIP") && !spec.path("externalIPs").isEmpty();
    }

    /** Balancers ask a port of each node whether it has one of the service's pods. */
    public boolean needsHealthCheck() {
        return isLoadBalancer() && Trees.text(spec, "externalTrafficPolicy").equals("Local");
    }

    public boolean isHeadless() {
        List<String> addresses = clusterIps();
        return clusterIp().equals(NONE)
                || addresses.size() == 1 && addresses.getFirst().equals(NONE);
    }

    public boolean hasSelector() {
        return !spec.path("selector").isEmpty();
    }

    public String clusterIp() {
        return Trees.text(spec, "clusterIP");
    }

    public List<String> clusterIps() {
        return Trees.texts(spec.path("clusterIPs"));
    }

    public List<String> families() {
        return Trees.texts(spec.path("ipFamilies"));
    }

    /** Empty when nothing is said. */
    public String familyPolicy() {
        return Trees.text(spec, "ipFamilyPolicy");
    }

    public List<ObjectNode> ports() {
        return Trees.objects(spec.path("ports"));
    }

    public int healthCheckNodePort() {
        return spec.path("healthCheckNodePort").asInt(0);
    }

    /** Node ports of its ports, without the health check's. */
    public List<Integer> nodePorts() {
        return ports().stream().map(ServiceSpec::nodePort).filter(port -> port != 0).toList();
    }

    /** 0 when the port has none. */
    public static int nodePort(ObjectNode port) {
        return port.path("nodePort").asInt(0);
    }

    /** Only a load balancer may do without: some reach pods directly. */
    public boolean allocatesNodePorts() {
        return !isLoadBalancer() || spec.path("allocateLoadBalancerNodePorts").asBoolean(true);
    }

    /** Replaces both the one address and the list, which say the same. */
    public static void setClusterIps(ObjectNode spec, List<String> addresses) {
        if (addresses.isEmpty()) {
            spec.remove(List.of("clusterIP", "clusterIPs"));
            return;
        }
        spec.put("clusterIP", addresses.getFirst());
        ArrayNode list = spec.putArray("clusterIPs");
        addresses.forEach(list::add);
    }

    public static void setFamilies(ObjectNode spec, List<String> families) {
        ArrayNode list = spec.putArray("ipFamilies");
        families.forEach(list::add);
    }
}
