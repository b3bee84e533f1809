package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.MetadataRules;

import java.util.List;

/** What a service must be like, in the order in which upstream tells it. */
final class ServiceRules {
    private static final int MAX_STICKY_SECONDS = 24 * 60 * 60;
    private static final String HINTS = "service.kubernetes.io/topology-aware-hints";
    private static final String MODE = "service.kubernetes.io/topology-mode";

    private ServiceRules() {}

    static void check(Field service) {
        Field spec = service.at("spec");
        ServiceSpec said = new ServiceSpec(spec.value());
        topology(service.at("metadata", "annotations"));
        if (!spec.at("ports").isGiven() && !said.isHeadless() && !said.isExternalName()) {
            spec.at("ports").tellRequired("");
        }
        if (said.isExternalName()) {
            externalName(spec);
        } else if (said.usesNodePorts() && said.isHeadless()) {
            spec.at("clusterIPs")
                    .index(0)
                    .invalid(
                            ServiceSpec.NONE,
                            "may not be set to 'None' for " + said.type() + " services");
        }
        ServicePortRules ports = new ServicePortRules(spec.at("ports"));
        ports.each();
        MetadataRules.labels(spec.at("selector"));
        sessionAffinity(spec);
        ServiceAddressRules.check(spec);
        externalAddresses(spec.at("externalIPs"));
        spec.at("type").required().ifGiven().oneOf(ServiceStrategy.TYPES);
        ports.distinct(said.type());
        LoadBalancerRules.sourceRanges(service);
        LoadBalancerRules.allocation(spec);
        LoadBalancerRules.balancerClass(spec);
        externalTraffic(spec, said);
        internalTraffic(spec, said);
        spec.at("trafficDistribution")
                .ifSet()
                .oneOf("PreferClose", "PreferSameZone", "PreferSameNode");
    }

    static void checkUpdate(Field service, Field old) {
        Field spec = service.at("spec");
        Field before = old.at("spec");
        ServiceAddressRules.checkUpdate(spec, before);
        LoadBalancerRules.balancerClassUpdate(spec, before);
        ServiceSpec was = new ServiceSpec(before.value());
        ServiceSpec is = new ServiceSpec(spec.value());
        if (was.needsHealthCheck()
                && is.needsHealthCheck()
                && was.healthCheckNodePort() != is.healthCheckNodePort()) {
            spec.at("healthCheckNodePort").forbidden("field is immutable");
        }
    }

    private static void topology(Field annotations) {
        Field mode = annotations.key(MODE);
        Field hints = annotations.key(HINTS);
        if (mode.isSet() && hints.isSet() && !mode.is(hints.text())) {
            mode.invalid("must match annotations[" + HINTS + "] when both are specified");
        }
    }

    private static void externalName(Field spec) {
        Field addresses = spec.at("clusterIPs");
        if (addresses.isGiven() || spec.at("clusterIP").isGiven()) {
            addresses.forbidden("may not be set for ExternalName services");
        }
        spec.at("ipFamilies").forbiddenIfGiven("may not be set for ExternalName services");
        spec.at("ipFamilyPolicy").forbiddenIfSet("may not be set for ExternalName services");
        Field name = spec.at("externalName");
        String given = name.text();
        String host = given.endsWith(".") ? given.substring(0, given.length() - 1) : given;
        if (host.isEmpty()) {
            name.tellRequired("");
        } else {
            Names.dnsSubdomain(host).forEach(sentence -> name.invalid(host, sentence));
        }
    }

    private static void sessionAffinity(Field spec) {
        Field affinity = spec.at("sessionAffinity");
        affinity.required().ifGiven().oneOf("ClientIP", "None");
        Field config = spec.at("sessionAffinityConfig");
        if (affinity.is("None")) {
            config.forbiddenIfSet("must not be set when session affinity is None");
        }
        if (!affinity.is("ClientIP")) {
            return;
        }
        Field seconds = config.at("clientIP", "timeoutSeconds");
        if (!config.isSet()) {
            config.tellRequired("when session affinity type is ClientIP");
        } else if (!config.at("clientIP").isSet()) {
            config.at("clientIP").tellRequired("when session affinity type is ClientIP");
        } else if (!seconds.isSet()) {
            seconds.tellRequired("when session affinity type is ClientIP");
        } else if (seconds.number() <= 0 || seconds.number() > MAX_STICKY_SECONDS) {
            seconds.invalid("must be greater than 0 and less than " + MAX_STICKY_SECONDS);
        }
    }

    private static void externalAddresses(Field addresses) {
        for (Field address : addresses.items()) {
            address.form(Addresses::address);
            if (Addresses.address(address.text()).isEmpty()) {
                EndpointRules.reachable(address);
            }
        }
    }

    private static void externalTraffic(Field spec, ServiceSpec said) {
        Field policy = spec.at("externalTrafficPolicy");
        if (said.isReachedFromOutside()) {
            policy.required().ifGiven().oneOf("Cluster", "Local");
        } else if (policy.isGiven()) {
            policy.invalid("may only be set for externally-accessible services");
        }
        Field port = spec.at("healthCheckNodePort");
        if (said.needsHealthCheck()) {
            if (port.number() == 0) {
                port.tellRequired("");
            } else {
                port.between(1, 65535);
            }
        } else if (port.number() != 0) {
            port.invalid(
                    "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is"
                            + " 'Local'");
        }
    }

    private static void internalTraffic(Field spec, ServiceSpec said) {
        Field policy = spec.at("internalTrafficPolicy");
        boolean expected = List.of("ClusterIP", "NodePort", "LoadBalancer").contains(said.type());
        if (!policy.isSet() && expected) {
            policy.tellRequired("");
        }
        policy.ifSet().oneOf("Cluster", "Local");
    }
}
