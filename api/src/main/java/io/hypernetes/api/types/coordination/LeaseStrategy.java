package io.hypernetes.api.types.coordination;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** Leases: heartbeats and elections. */
public final class LeaseStrategy extends KindStrategy {

    public LeaseStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    public JsonNode desired(ObjectNode object) {
        return NO_GENERATIONS;
    }

    /** Elections that the server itself decides are off, and their fields with them. */
    @Override
    public void prepareForCreate(ObjectNode lease) {
        super.prepareForCreate(lease);
        ObjectNode spec = Trees.child(lease, "spec");
        spec.remove("strategy");
        spec.remove("preferredHolder");
    }

    /** They belong to a feature that is off: nobody begins to use them. */
    @Override
    public void prepareForUpdate(ObjectNode lease, ObjectNode old) {
        super.prepareForUpdate(lease, old);
        for (String field : List.of("strategy", "preferredHolder")) {
            if (!Trees.has(old, "spec", field)) {
                Trees.child(lease, "spec").remove(field);
            }
        }
    }

    @Override
    protected boolean anyFinalizers() {
        return true;
    }

    @Override
    protected void rules(Field lease) {
        Field spec = lease.at("spec");
        spec.at("leaseDurationSeconds").positive();
        spec.at("leaseTransitions").notNegative();
        Field strategy = spec.at("strategy");
        // Upstream tells it a level too deep.
        Field told = strategy.named("spec.strategy.strategy");
        if (strategy.isSet() && !strategy.text().contains("/")) {
            told.oneOf("OldestEmulationVersion");
        } else if (strategy.isSet()) {
            told.form(Names::qualifiedName);
        }
        if (spec.at("preferredHolder").isGiven() && !strategy.isGiven()) {
            spec.at("preferredHolder").forbidden("may only be specified if `strategy` is defined");
        }
    }
}
