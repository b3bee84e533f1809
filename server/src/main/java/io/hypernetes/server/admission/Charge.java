package io.hypernetes.server.admission;

import io.hypernetes.store.Compare;
import io.hypernetes.store.Operation;

import java.util.ArrayList;
import java.util.List;

/**
 * What is written in one transaction with an object because the object uses something up.
 *
 * @param conditions that the state which was charged is still the newest
 */
public record Charge(List<Compare> conditions, List<Operation> writes) {
    public static final Charge NOTHING = new Charge(List.of(), List.of());

    public Charge plus(Charge more) {
        if (this == NOTHING || more == NOTHING) {
            return this == NOTHING ? more : this;
        }
        List<Compare> allConditions = new ArrayList<>(conditions);
        allConditions.addAll(more.conditions);
        List<Operation> allWrites = new ArrayList<>(writes);
        allWrites.addAll(more.writes);
        return new Charge(allConditions, allWrites);
    }
}
