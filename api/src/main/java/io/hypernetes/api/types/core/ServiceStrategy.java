package io.hypernetes.api.types.core;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.MetadataRules;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Services. Their addresses are allocated elsewhere. */
public final class ServiceStrategy extends KindStrategy {

    private static final int STICKY_SECONDS = 3 * 60 * 60;
    private static final int MAX_STICKY_SECONDS = 24 * 60 * 60;

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
        Trees.setDefault(spec, "sessionAffinity", "None");
        if (!Trees.text(spec, "type").equals("ExternalName")) {
            Trees.setDefault(spec, "internalTrafficPolicy", "Cluster");
        }
        if (isReachedFromOutside(Trees.text(spec, "type"))) {
            Trees.setDefault(spec, "externalTrafficPolicy", "Cluster");
        }
        if (Trees.text(spec, "type").equals("LoadBalancer")) {
            Trees.setDefault(spec, "allocateLoadBalancerNodePorts", true);
        }
        if (Trees.text(spec, "sessionAffinity").equals("ClientIP")) {
            ObjectNode config = Trees.child(spec, "sessionAffinityConfig");
            Trees.setDefault(Trees.child(config, "clientIP"), "timeoutSeconds", STICKY_SECONDS);
        }
        for (ObjectNode port : Trees.objects(spec.path("ports"))) {
            Trees.setDefault(port, "protocol", "TCP");
            if (!Trees.has(port, "targetPort") && Trees.has(port, "port")) {
                port.set("targetPort", port.path("port"));
            }
        }
    }

    @Override
    public void prepareForCreate(ObjectNode service) {
        service.putObject("status").putObject("loadBalancer");
    }

    /** An address stays when an update does not name it: clients apply manifests without. */
    @Override
    public void prepareForUpdate(ObjectNode service, ObjectNode old) {
        super.prepareForUpdate(service, old);
        ObjectNode spec = Trees.child(service, "spec");
        boolean hadAddress = !Trees.text(old, "spec", "clusterIP").isEmpty();
        if (hadAddress
                && Trees.text(spec, "clusterIP").isEmpty()
                && !Trees.text(spec, "type").equals("ExternalName")) {
            for (String field : List.of("clusterIP", "clusterIPs")) {
                if (Trees.has(old, "spec", field)) {
                    spec.set(field, old.path("spec").path(field));
                }
            }
        }
    }

    @Override
    protected void rules(Field object) {
        ObjectNode service = object.object();
        Errors errors = object.errors();
        JsonNode spec = service.path("spec");
        String type = Trees.text(spec, "type");
        if (spec.path("ports").isEmpty() && !isHeadless(spec) && !type.equals("ExternalName")) {
            errors.required("spec.ports", "");
        }
        if (type.equals("ExternalName")) {
            externalName(spec, errors);
        } else if (isReachedFromOutside(type) && isHeadless(spec)) {
            errors.invalidText(
                    "spec.clusterIPs[0]",
                    "None",
                    "may not be set to 'None' for " + type + " services");
        }
        new ServicePortRules(type, errors).check(Trees.objects(spec.path("ports")));
        MetadataRules.labels(object.at("spec", "selector"));
        sessionAffinity(spec, errors);
        errors.oneOf(
                "spec.type",
                type,
                List.of("ClusterIP", "ExternalName", "LoadBalancer", "NodePort"));
        policies(spec, errors);
    }

    private static boolean isHeadless(JsonNode spec) {
        return Trees.text(spec, "clusterIP").equals("None");
    }

    private static boolean isReachedFromOutside(String type) {
        return type.equals("NodePort") || type.equals("LoadBalancer");
    }

    private static void externalName(JsonNode spec, Errors errors) {
        if (!Trees.text(spec, "clusterIP").isEmpty() || !spec.path("clusterIPs").isEmpty()) {
            errors.forbidden("spec.clusterIPs", "may not be set for ExternalName services");
        }
        String given = Trees.text(spec, "externalName");
        String name = given.endsWith(".") ? given.substring(0, given.length() - 1) : given;
        if (name.isEmpty()) {
            errors.required("spec.externalName", "");
        } else {
            errors.form("spec.externalName", name, Names.dnsSubdomain(name));
        }
    }

    private static void sessionAffinity(JsonNode spec, Errors errors) {
        String affinity = Trees.text(spec, "sessionAffinity");
        errors.oneOf("spec.sessionAffinity", affinity, List.of("ClientIP", "None"));
        String field = "spec.sessionAffinityConfig";
        if (affinity.equals("ClientIP")) {
            long seconds =
                    Trees.at(spec, "sessionAffinityConfig", "clientIP", "timeoutSeconds").asLong(0);
            if (seconds <= 0 || seconds > MAX_STICKY_SECONDS) {
                errors.invalid(
                        field + ".clientIP.timeoutSeconds",
                        seconds,
                        "must be greater than 0 and less than " + MAX_STICKY_SECONDS);
            }
        } else if (affinity.equals("None") && Trees.has(spec, "sessionAffinityConfig")) {
            errors.forbidden(field, "must not be set when session affinity is None");
        }
    }

    private static void policies(JsonNode spec, Errors errors) {
        List<String> policies = List.of("Cluster", "Local");
        String external = Trees.text(spec, "externalTrafficPolicy");
        if (isReachedFromOutside(Trees.text(spec, "type"))) {
            errors.oneOf("spec.externalTrafficPolicy", external, policies);
        } else if (!external.isEmpty() && spec.path("externalIPs").isEmpty()) {
            errors.invalidText(
                    "spec.externalTrafficPolicy",
                    external,
                    "may only be set for externally-accessible services");
        }
        String internal = Trees.text(spec, "internalTrafficPolicy");
        if (!internal.isEmpty()) {
            errors.oneOf("spec.internalTrafficPolicy", internal, policies);
        }
    }

    @Override
    protected void updateRules(Field object, Field before) {
        ObjectNode service = object.object();
        ObjectNode old = before.object();
        Errors errors = object.errors();
        String was = Trees.text(old, "spec", "clusterIP");
        String is = Trees.text(service, "spec", "clusterIP");
        if (!was.isEmpty() && !is.isEmpty() && !was.equals(is)) {
            errors.invalid("spec.clusterIPs[0]", "[\"" + is + "\"]", "may not change once set");
        }
    }

    @Override
    public List<String> selectableFields() {
        return List.of("spec.clusterIP", "spec.type");
    }
}
