package io.hypernetes.api.types;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;

import tools.jackson.databind.node.ObjectNode;

/** Tenants. */
final class TenantStrategy extends KindStrategy {

    TenantStrategy() {
        super(Scope.CLUSTER, Names::dnsLabel);
    }

    @Override
    void rules(ObjectNode tenant, Errors errors) {
        String cidr = Trees.text(tenant, "spec", "network", "cidr");
        if (!cidr.isEmpty()) {
            try {
                Cidr.parse(cidr);
            } catch (IllegalArgumentException e) {
                errors.invalidText("spec.network.cidr", cidr, String.valueOf(e.getMessage()));
            }
        }
    }

    @Override
    void updateRules(ObjectNode tenant, ObjectNode old, Errors errors) {
        if (Trees.has(old, "spec", "network", "cidr")) {
            ObjectMetaValidation.immutable(
                    "spec.network.cidr",
                    Trees.at(tenant, "spec", "network", "cidr"),
                    Trees.at(old, "spec", "network", "cidr"),
                    errors);
        }
    }
}
