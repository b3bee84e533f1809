package io.hypernetes.api.types.storage;

import io.hypernetes.api.Scope;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.quantity.Quantity;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.SelectorRules;

/** CSIStorageCapacities: how much of a storage class there is for a part of the nodes. */
public final class CsiStorageCapacityStrategy extends KindStrategy {

    public CsiStorageCapacityStrategy() {
        super(Scope.NAMESPACED, Names::dnsSubdomain);
    }

    @Override
    protected void rules(Field capacity) {
        SelectorRules.check(capacity.at("nodeTopology"));
        capacity.at("storageClassName").form(Names::dnsSubdomain);
        notNegative(capacity.at("capacity"));
    }

    private static void notNegative(Field quantity) {
        if (quantity.isSet() && Quantity.parse(quantity.value().asString()).signum() < 0) {
            quantity.invalid("must be greater than or equal to 0");
        }
    }

    @Override
    protected void updateRules(Field capacity, Field old) {
        capacity.at("nodeTopology").immutable(old.at("nodeTopology"));
        capacity.at("storageClassName").immutable(old.at("storageClassName"));
    }
}
