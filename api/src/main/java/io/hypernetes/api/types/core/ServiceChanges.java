package io.hypernetes.api.types.core;

import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What an update means that does not say everything: clients apply manifests without what the
 * server allocated, and change a service's type without touching the fields of the old one. What
 * the user did change stays, for the rules to refuse.
 */
final class ServiceChanges {
    private final ObjectNode spec;
    private final ServiceSpec now;
    private final ServiceSpec before;

    private ServiceChanges(ObjectNode service, ObjectNode old) {
        this.spec = Trees.child(service, "spec");
        this.now = new ServiceSpec(spec);
        this.before = ServiceSpec.of(old);
    }

    static void complete(ObjectNode service, ObjectNode old) {
        ServiceChanges changes = new ServiceChanges(service, old);
        changes.keepAllocated();
        changes.matchAddresses();
        changes.dropForeign();
        if (!changes.now.isLoadBalancer() && service.has("status")) {
            Trees.child(service, "status").putObject("loadBalancer");
        }
    }

    /** The one address and the list of a new service say the same. */
    static void matchNew(ObjectNode spec) {
        ServiceSpec now = new ServiceSpec(spec);
        if (!now.clusterIp().isEmpty() && now.clusterIps().isEmpty()) {
            ServiceSpec.setClusterIps(spec, List.of(now.clusterIp()));
        }
    }

    private void keepAllocated() {
        if (!before.isExternalName() && !now.isExternalName()) {
            if (now.clusterIp().isEmpty() && !before.clusterIp().isEmpty()) {
                spec.put("clusterIP", before.clusterIp());
            }
            if (now.clusterIps().isEmpty() && !before.clusterIps().isEmpty()) {
                spec.set("clusterIPs", before.spec().get("clusterIPs").deepCopy());
            }
        }
        if (before.usesNodePorts() && now.usesNodePorts()) {
            keepNodePorts();
        }
        if (before.needsHealthCheck()
                && now.needsHealthCheck()
                && now.healthCheckNodePort() == 0
                && before.healthCheckNodePort() != 0) {
            spec.put("healthCheckNodePort", before.healthCheckNodePort());
        }
    }

    /** A port keeps its node port by its name, unless another port now asks for it. */
    private void keepNodePorts() {
        Set<Integer> used = new HashSet<>(now.nodePorts());
        used.retainAll(before.nodePorts());
        Map<String, Integer> known = new HashMap<>();
        before.ports()
                .forEach(port -> known.put(Trees.text(port, "name"), ServiceSpec.nodePort(port)));
        for (ObjectNode port : now.ports()) {
            int kept = known.getOrDefault(Trees.text(port, "name"), 0);
            if (ServiceSpec.nodePort(port) == 0 && kept != 0 && used.add(kept)) {
                port.put("nodePort", kept);
            }
        }
    }

    /** Who changes one of the two means both. */
    private void matchAddresses() {
        boolean sameList = before.clusterIps().equals(now.clusterIps());
        String was = before.clusterIp();
        String is = now.clusterIp();
        if (is.isEmpty() && !was.isEmpty() && sameList) {
            spec.remove("clusterIPs");
        } else if (!is.isEmpty() && !is.equals(was) && (sameList || now.clusterIps().isEmpty())) {
            ServiceSpec.setClusterIps(spec, List.of(is));
        } else if (!is.isEmpty() && now.clusterIps().isEmpty()) {
            ServiceSpec.setClusterIps(spec, List.of(is));
        }
    }

    private void dropForeign() {
        if (!before.isExternalName() && now.isExternalName()) {
            if (before.clusterIp().equals(now.clusterIp())
                    && before.clusterIps().equals(now.clusterIps())) {
                ServiceSpec.setClusterIps(spec, List.of());
            }
            dropUnchanged("ipFamilies");
            dropUnchanged("ipFamilyPolicy");
        }
        if (before.usesNodePorts()
                && !now.usesNodePorts()
                && before.nodePorts().containsAll(now.nodePorts())) {
            now.ports().forEach(port -> port.remove("nodePort"));
        }
        if (before.needsHealthCheck() && !now.needsHealthCheck()) {
            dropUnchanged("healthCheckNodePort");
        }
        if (before.isLoadBalancer() && !now.isLoadBalancer()) {
            dropUnchanged("allocateLoadBalancerNodePorts");
            dropUnchanged("loadBalancerClass");
        }
        if (before.isReachedFromOutside() && !now.isReachedFromOutside()) {
            dropUnchanged("externalTrafficPolicy");
        }
    }

    private void dropUnchanged(String field) {
        if (before.spec().path(field).equals(spec.path(field))) {
            spec.remove(field);
        }
    }
}
