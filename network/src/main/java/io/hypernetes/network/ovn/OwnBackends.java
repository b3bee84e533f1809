package io.hypernetes.network.ovn;

import static io.hypernetes.network.ovsdb.Transaction.Condition.has;
import static io.hypernetes.network.ovsdb.Transaction.Condition.row;

import io.hypernetes.network.VirtualServer.Backend;
import io.hypernetes.network.ovsdb.Columns;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.Results;
import io.hypernetes.network.ovsdb.Row;
import io.hypernetes.network.ovsdb.Transaction;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Backends that only the pods of their own machine are led to: a variable in the load balancer that
 * each machine replaces by what stands for it (ovn-nb(5), Chassis_Template_Var). A machine without
 * one has no rule at all there.
 */
final class OwnBackends {

    private static final String TABLE = "Chassis_Template_Var";
    private static final String MACHINE = "chassis";
    private static final String VARIABLES = "variables";

    private final OvsdbClient database;

    OwnBackends(OvsdbClient database) {
        this.database = database;
    }

    /**
     * Brings these variables to these backends, each on its machine, and takes the others away.
     *
     * @param gone variables that nothing names any more
     */
    void ensure(String tenant, Map<String, List<Backend>> wanted, Set<String> gone) {
        if (wanted.isEmpty() && gone.isEmpty()) {
            return;
        }
        Transaction look = new Transaction();
        int tables = look.select(TABLE, List.of(), MACHINE, VARIABLES);
        int ports =
                look.select(
                        Northbound.SWITCH_PORT,
                        List.of(has(Northbound.IDS, Northbound.TENANT, tenant)),
                        "addresses",
                        Northbound.IDS);
        Results found = database.transact(look);
        Map<String, Map<String, String>> values = values(wanted, machines(found.rows(ports)));
        Transaction change = new Transaction();
        int changes = 0;
        for (Row machine : found.rows(tables)) {
            Map<String, String> now = machine.map(VARIABLES);
            Map<String, String> then = values.getOrDefault(machine.text(MACHINE), Map.of());
            values.remove(machine.text(MACHINE));
            Set<String> leaving = new HashSet<>(gone);
            leaving.addAll(wanted.keySet());
            leaving.removeAll(then.keySet());
            leaving.retainAll(now.keySet());
            Map<String, String> coming = new HashMap<>(then);
            coming.entrySet().removeAll(now.entrySet());
            if (!leaving.isEmpty()) {
                change.removeKeys(TABLE, row(machine.uuid()), VARIABLES, leaving);
                changes++;
            }
            if (!coming.isEmpty()) {
                change.putKeys(TABLE, row(machine.uuid()), VARIABLES, coming);
                changes++;
            }
        }
        for (Map.Entry<String, Map<String, String>> machine : values.entrySet()) {
            change.insert(
                    TABLE,
                    "machine" + changes++,
                    new Columns()
                            .text(MACHINE, machine.getKey())
                            .map(VARIABLES, machine.getValue()));
        }
        if (changes > 0) {
            database.transact(change);
        }
    }

    /** The machine of each address of the tenant. */
    private static Map<String, String> machines(List<Row> ports) {
        Map<String, String> machines = new HashMap<>();
        for (Row port : ports) {
            String machine = port.map(Northbound.IDS).getOrDefault(Northbound.CHASSIS, "");
            for (String address : port.text("addresses").split(" ", -1)) {
                if (!machine.isEmpty()) {
                    machines.put(address, machine);
                }
            }
        }
        return machines;
    }

    private static Map<String, Map<String, String>> values(
            Map<String, List<Backend>> wanted, Map<String, String> machines) {
        Map<String, Map<String, String>> values = new TreeMap<>();
        wanted.forEach((variable, backends) -> {
            for (Backend backend : backends) {
                String machine = machines.get(backend.address());
                if (machine != null) {
                    values.computeIfAbsent(machine, _ -> new TreeMap<>())
                            .merge(variable, backend.toString(), (some, more) -> some + "," + more);
                }
            }
        });
        return values;
    }
}
