package io.hypernetes.api.types.core;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Services. The server gives them addresses and node ports between these hooks and the rules. */
public final class ServiceStrategy extends KindStrategy {

    static final List<String> TYPES =
            List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort");

    /** Hypernetes' own type before Kubernetes had clouds that give addresses. */
    private static final String FIRST_NAME_OF_LOAD_BALANCER = "NetworkProvider";

    private static final int STICKY_SECONDS = 3 * 60 * 60;

    public ServiceStrategy() {
        super(Scope.NAMESPACED, Names::dns1035Label);
    }

    @Override
    public JsonNode desired(ObjectNode object) {
        return NO_GENERATIONS;
    }

    @Override
    public void applyDefaults(ObjectNode service) {
        ObjectNode spec = Trees.child(service, "spec");
        Trees.setDefault(spec, "type", "ClusterIP");
        if (Trees.text(spec, "type").equals(FIRST_NAME_OF_LOAD_BALANCER)) {
            spec.put("type", "LoadBalancer");
        }
        Trees.setDefault(spec, "sessionAffinity", "None");
        ServiceSpec said = new ServiceSpec(spec);
        if (!said.isExternalName() && TYPES.contains(said.type())) {
            Trees.setIfAbsent(spec, "internalTrafficPolicy", "Cluster");
        }
        if (said.isReachedFromOutside()) {
            Trees.setDefault(spec, "externalTrafficPolicy", "Cluster");
        }
        if (said.isLoadBalancer()) {
            Trees.setDefault(spec, "allocateLoadBalancerNodePorts", true);
            for (ObjectNode ingress :
                    Trees.objects(Trees.at(service, "status", "loadBalancer", "ingress"))) {
                if (!Trees.text(ingress, "ip").isEmpty()) {
                    Trees.setDefault(ingress, "ipMode", "VIP");
                }
            }
        }
        if (Trees.text(spec, "sessionAffinity").equals("None")) {
            spec.remove("sessionAffinityConfig");
        }
        if (Trees.text(spec, "sessionAffinity").equals("ClientIP")) {
            ObjectNode config = Trees.child(spec, "sessionAffinityConfig");
            Trees.setDefault(Trees.child(config, "clientIP"), "timeoutSeconds", STICKY_SECONDS);
        }
        for (ObjectNode port : said.ports()) {
            Trees.setDefault(port, "protocol", "TCP");
            if (!isGiven(port.path("targetPort")) && Trees.has(port, "port")) {
                port.set("targetPort", port.path("port"));
            }
        }
    }

    /** Neither missing nor the empty value of either form. */
    private static boolean isGiven(JsonNode targetPort) {
        return targetPort.isString()
                ? !targetPort.stringValue().isEmpty()
                : targetPort.asInt(0) != 0;
    }

    @Override
    public void prepareForCreate(ObjectNode service) {
        service.putObject("status").putObject("loadBalancer");
        ServiceChanges.matchNew(Trees.child(service, "spec"));
    }

    @Override
    public void prepareForUpdate(ObjectNode service, ObjectNode old) {
        super.prepareForUpdate(service, old);
        ServiceChanges.complete(service, old);
    }

    @Override
    protected void rules(Field service) {
        ServiceRules.check(service);
    }

    @Override
    protected void updateRules(Field service, Field old) {
        ServiceRules.checkUpdate(service, old);
    }

    @Override
    protected void statusRules(Field service, Field old) {
        LoadBalancerRules.status(service);
    }

    @Override
    public List<String> selectableFields() {
        return List.of("spec.clusterIP", "spec.type");
    }
}
