package io.hypernetes.api.types.hypernetes;

import io.hypernetes.api.Scope;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.core.QuotaStrategy;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.ObjectMetaValidation;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Tenants: their first network, what they may have, and what they may use. */
public final class TenantStrategy extends KindStrategy {
    private static final Pattern REGISTRY =
            Pattern.compile("[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?(/[a-z0-9][a-z0-9._-]*)*");

    public TenantStrategy() {
        super(Scope.CLUSTER, Names::dnsLabel);
    }

    @Override
    public void applyDefaults(ObjectNode tenant) {
        QuotaStrategy.canonicalize(Trees.at(tenant, "spec", "quota", "hard"));
    }

    @Override
    protected void rules(Field object) {
        QuotaStrategy.ofTenant(object.at("spec", "quota", "hard"));
        JsonNode api = Trees.at(object.object(), "spec", "quota", "api");
        for (String name : List.of("requestsPerSecond", "burst")) {
            if (api.has(name) && api.path(name).asInt(0) < 1) {
                object.at("spec", "quota", "api", name).invalid("must be greater than 0");
            }
        }
        for (Field registry : object.at("spec", "allowed", "registries").items()) {
            if (!REGISTRY.matcher(registry.text()).matches()) {
                registry.invalid(
                        "must be a registry or a part of one, for instance docker.io or"
                                + " registry.example.com:5000/team");
            }
        }
        if (object.at("metadata", "name").is(Tenant.SYSTEM.name())
                && object.at("spec", "suspended").flag()) {
            object.at("spec", "suspended").forbidden("the operator's own tenant goes on");
        }
        ObjectNode tenant = object.object();
        Errors errors = object.errors();
        JsonNode network = Trees.at(tenant, "spec", "network");
        range("spec.network.cidr", Trees.text(network, "cidr"), Cidr::parse, errors);
        String ipv6 = Trees.text(network, "ipv6", "cidr");
        range("spec.network.ipv6.cidr", ipv6, Cidr::parseIpv6, errors);
    }

    private static void range(String field, String cidr, Consumer<String> parser, Errors errors) {
        if (!cidr.isEmpty()) {
            try {
                parser.accept(cidr);
            } catch (IllegalArgumentException e) {
                errors.invalidText(field, cidr, String.valueOf(e.getMessage()));
            }
        }
    }

    @Override
    protected void updateRules(Field object, Field before) {
        ObjectNode tenant = object.object();
        ObjectNode old = before.object();
        Errors errors = object.errors();
        for (String range : List.of("cidr", "ipv6")) {
            if (Trees.has(old, "spec", "network", range)) {
                ObjectMetaValidation.immutable(
                        "spec.network." + range,
                        Trees.at(tenant, "spec", "network", range),
                        Trees.at(old, "spec", "network", range),
                        errors);
            }
        }
    }
}
