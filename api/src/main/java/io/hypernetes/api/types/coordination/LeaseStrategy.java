package io.hypernetes.api.types.coordination;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Errors;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

/** Leases: heartbeats and elections. */
public final class LeaseStrategy extends KindStrategy {

    public LeaseStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    protected void rules(Field object) {
        ObjectNode lease = object.object();
        Errors errors = object.errors();
        long seconds = Trees.at(lease, "spec", "leaseDurationSeconds").asLong(1);
        if (seconds <= 0) {
            errors.invalid("spec.leaseDurationSeconds", seconds, "must be greater than 0");
        }
        long transitions = Trees.at(lease, "spec", "leaseTransitions").asLong(0);
        if (transitions < 0) {
            errors.invalid(
                    "spec.leaseTransitions", transitions, "must be greater than or equal to 0");
        }
    }
}
