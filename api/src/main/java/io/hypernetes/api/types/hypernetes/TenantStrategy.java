package io.hypernetes.api.types.hypernetes;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.ObjectMetaValidation;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

/** Tenants. */
public final class TenantStrategy extends KindStrategy {

    public TenantStrategy() {
        super(Scope.CLUSTER, Names::dnsLabel);
    }

    @Override
    protected void rules(Field object) {
        ObjectNode tenant = object.object();
        Errors errors = object.errors();
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
    protected void updateRules(Field object, Field before) {
        ObjectNode tenant = object.object();
        ObjectNode old = before.object();
        Errors errors = object.errors();
        if (Trees.has(old, "spec", "network", "cidr")) {
            ObjectMetaValidation.immutable(
                    "spec.network.cidr",
                    Trees.at(tenant, "spec", "network", "cidr"),
                    Trees.at(old, "spec", "network", "cidr"),
                    errors);
        }
    }
}
