package io.hypernetes.api.types;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;

import tools.jackson.databind.node.ObjectNode;

/** Leases: heartbeats and elections. */
final class LeaseStrategy extends KindStrategy {

    LeaseStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    void rules(ObjectNode lease, Errors errors) {
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
