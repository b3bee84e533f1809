package io.hypernetes.api.types.core;

import io.hypernetes.api.names.Addresses;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.StringNode;

/** Rules for what only services with a load balancer have. */
final class LoadBalancerRules {
    private static final String SOURCE_RANGES =
            "service.beta.kubernetes.io/load-balancer-source-ranges";
    private static final String ONLY = "may only be used when `type` is 'LoadBalancer'";

    private LoadBalancerRules() {}

    static void sourceRanges(Field service) {
        boolean balanced = ServiceSpec.of(service.object()).isLoadBalancer();
        Field ranges = service.at("spec", "loadBalancerSourceRanges");
        Field annotation = service.at("metadata", "annotations").key(SOURCE_RANGES);
        if (ranges.isGiven()) {
            // Upstream tells it by the name of its Go field.
            Field told = ranges.named("spec.LoadBalancerSourceRanges");
            if (!balanced) {
                told.forbidden(ONLY);
            }
            told.items().forEach(LoadBalancerRules::range);
        } else if (annotation.isSet()) {
            if (!balanced) {
                annotation.forbidden(ONLY);
            }
            if (!annotation.text().isBlank()) {
                for (String range : annotation.text().trim().split(",", -1)) {
                    range(annotation.with(StringNode.valueOf(range)));
                }
            }
        }
    }

    private static void range(Field range) {
        range.with(StringNode.valueOf(range.text().trim())).form(Addresses::range);
    }

    static void allocation(Field spec) {
        Field allocates = spec.at("allocateLoadBalancerNodePorts");
        boolean balanced = new ServiceSpec(spec.value()).isLoadBalancer();
        if (!balanced) {
            allocates.forbiddenIfSet(ONLY);
        } else if (!allocates.isSet()) {
            allocates.named("allocateLoadBalancerNodePorts").tellRequired("");
        }
    }

    static void balancerClass(Field spec) {
        Field name = spec.at("loadBalancerClass");
        if (new ServiceSpec(spec.value()).isLoadBalancer()) {
            name.ifSet().form(Names::qualifiedName);
        } else {
            name.forbiddenIfSet(ONLY);
        }
    }

    static void balancerClassUpdate(Field spec, Field old) {
        if (new ServiceSpec(spec.value()).isLoadBalancer()
                && new ServiceSpec(old.value()).isLoadBalancer()
                && !spec.at("loadBalancerClass").same(old.at("loadBalancerClass"))) {
            Field name = spec.at("loadBalancerClass");
            // A nil pointer in Go's words.
            name.invalid(name.isSet() ? name.text() : "null", "may not change once set");
        }
    }

    static void status(Field service) {
        Field ingresses = service.at("status", "loadBalancer", "ingress");
        if (!ServiceSpec.of(service.object()).isLoadBalancer()) {
            ingresses.forbiddenIfGiven("may only be used when `spec.type` is 'LoadBalancer'");
            return;
        }
        for (Field ingress : ingresses.items()) {
            ingress.at("ip").ifGiven().form(Addresses::address);
            Field mode = ingress.at("ipMode");
            if (!mode.isSet()) {
                if (ingress.at("ip").isGiven()) {
                    mode.tellRequired("must be specified when `ip` is set");
                }
            } else if (!ingress.at("ip").isGiven()) {
                mode.forbidden("may not be specified when `ip` is not set");
            } else {
                mode.oneOf("Proxy", "VIP");
            }
            Field host = ingress.at("hostname").ifGiven().form(Names::dnsSubdomain);
            if (Addresses.isAddress(Trees.text(ingress.value(), "hostname"))) {
                host.invalid("must be a DNS name, not an IP address");
            }
        }
    }
}
