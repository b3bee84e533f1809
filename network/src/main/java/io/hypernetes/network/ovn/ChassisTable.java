package io.hypernetes.network.ovn;

import static io.hypernetes.network.ovsdb.Transaction.Condition.is;

import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.Row;
import io.hypernetes.network.ovsdb.Transaction;

import java.util.List;

/** The machines, each of which its own ovn-controller enters into the southbound database. */
final class ChassisTable {

    private static final String CHASSIS = "Chassis";
    private static final String PRIVATE = "Chassis_Private";

    private final OvsdbClient southbound;

    ChassisTable(OvsdbClient southbound) {
        this.southbound = southbound;
    }

    List<String> names() {
        Transaction look = new Transaction();
        int machines = look.select(CHASSIS, List.of(), "name");
        return southbound.transact(look).rows(machines).stream()
                .map((Row machine) -> machine.text("name"))
                .toList();
    }

    /** One that is alive after all enters itself again. */
    boolean delete(String name) {
        Transaction change = new Transaction();
        change.delete(PRIVATE, is("name", name));
        change.delete(CHASSIS, is("name", name));
        southbound.transact(change);
        return true;
    }
}
