package io.hypernetes.network.ovn;

import static io.hypernetes.network.ovsdb.Transaction.Condition.is;
import static io.hypernetes.network.ovsdb.Transaction.Condition.row;

import io.hypernetes.network.ovsdb.Columns;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.OvsdbException;
import io.hypernetes.network.ovsdb.Remote;
import io.hypernetes.network.ovsdb.Results;
import io.hypernetes.network.ovsdb.Row;
import io.hypernetes.network.ovsdb.Transaction;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What must be in the databases before the programs that read them start. */
final class OvnSettings {

    private static final String OUTSIDE_BRIDGE = "br-outside";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private OvnSettings() {}

    /** Makes the one row that a global table must have. */
    static void ensureGlobal(Remote server, String database, String table) {
        try (OvsdbClient client = new OvsdbClient(server, database, TIMEOUT)) {
            Transaction look = new Transaction();
            int rows = look.select(table, List.of());
            if (client.transact(look).rows(rows).isEmpty()) {
                Transaction change = new Transaction();
                change.insert(table, "global", new Columns());
                client.transact(change);
            }
        }
    }

    /**
     * Says to ovs-vswitchd and ovn-controller where they belong, and makes the bridge.
     *
     * @param chassis this machine's name in OVN
     * @param tunnels the address of this machine's end of tunnels
     */
    static void configureSwitch(
            Remote own,
            Remote southbound,
            String chassis,
            Optional<String> tunnels,
            Datapath datapath) {
        ensureGlobal(own, "Open_vSwitch", "Open_vSwitch");
        Map<String, String> ids =
                Map.of(
                        "system-id",
                        chassis,
                        "hostname",
                        chassis,
                        "ovn-remote",
                        southbound.text(),
                        "ovn-encap-type",
                        "geneve",
                        "ovn-encap-ip",
                        tunnels.orElse("127.0.0.1"),
                        "ovn-bridge",
                        IntegrationBridge.BRIDGE,
                        "ovn-bridge-datapath-type",
                        datapath.type());
        try (OvsdbClient client = new OvsdbClient(own, "Open_vSwitch", TIMEOUT)) {
            Transaction look = new Transaction();
            int globals = look.select("Open_vSwitch", List.of());
            int bridges = look.select("Bridge", List.of(is("name", IntegrationBridge.BRIDGE)));
            Results found = client.transact(look);
            Row global =
                    found.rows(globals).stream()
                            .findFirst()
                            .orElseThrow(() ->
                                    new OvsdbException(
                                            OvsdbException.Reason.PROTOCOL,
                                            "the row of Open_vSwitch went away"));
            Optional<Row> bridge = found.rows(bridges).stream().findFirst();

            Transaction change = new Transaction();
            change.putKeys("Open_vSwitch", row(global.uuid()), "external_ids", ids);
            if (bridge.isPresent()) {
                Columns type = new Columns().text("datapath_type", datapath.type());
                change.update("Bridge", row(bridge.get().uuid()), type);
            } else {
                insertBridge(
                        change,
                        global,
                        IntegrationBridge.BRIDGE,
                        new Columns()
                                .text("datapath_type", datapath.type())
                                // no packet may pass before OVN has said how
                                .text("fail_mode", "secure"));
            }
            client.transact(change);
        }
    }

    /** A bridge with the device of the same name. */
    static void insertBridge(Transaction change, Row global, String name, Columns more) {
        change.insert(
                "Interface", "device", new Columns().text("name", name).text("type", "internal"));
        change.insert(
                "Port", "local", new Columns().text("name", name).inserted("interfaces", "device"));
        change.insert("Bridge", "bridge", more.text("name", name).inserted("ports", "local"));
        change.addInserted("Open_vSwitch", row(global.uuid()), "bridges", "bridge");
    }

    /** Plugs the device that leads outside into a bridge of its own. */
    static void configureUplink(Remote own, String device, Datapath datapath) {
        try (OvsdbClient client = new OvsdbClient(own, "Open_vSwitch", TIMEOUT)) {
            Transaction look = new Transaction();
            int globals = look.select("Open_vSwitch", List.of());
            int bridges = look.select("Bridge", List.of(is("name", OUTSIDE_BRIDGE)));
            int ports = look.select("Port", List.of(is("name", device)));
            Results found = client.transact(look);
            Row global = found.rows(globals).getFirst();
            Transaction change = new Transaction();
            change.putKeys(
                    "Open_vSwitch",
                    row(global.uuid()),
                    "external_ids",
                    Map.of(
                            "ovn-bridge-mappings",
                            OutsideSwitch.NETWORK_NAME + ":" + OUTSIDE_BRIDGE));
            boolean isNew = found.rows(bridges).isEmpty();
            if (isNew) {
                change.insert(
                        "Bridge",
                        "outside",
                        new Columns()
                                .text("name", OUTSIDE_BRIDGE)
                                .text("datapath_type", datapath.type()));
                change.addInserted("Open_vSwitch", row(global.uuid()), "bridges", "outside");
            }
            if (found.rows(ports).isEmpty()) {
                change.insert("Interface", "device", new Columns().text("name", device));
                change.insert(
                        "Port",
                        "port",
                        new Columns().text("name", device).inserted("interfaces", "device"));
                change.addInserted("Bridge", is("name", OUTSIDE_BRIDGE), "ports", "port");
            }
            client.transact(change);
        }
    }
}
