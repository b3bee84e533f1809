package io.hypernetes.network.ovn;

import static io.hypernetes.network.ovsdb.Transaction.Condition.is;

import io.hypernetes.network.PortId;
import io.hypernetes.network.ovsdb.Columns;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.OvsdbException;
import io.hypernetes.network.ovsdb.Replica;
import io.hypernetes.network.ovsdb.Results;
import io.hypernetes.network.ovsdb.Row;
import io.hypernetes.network.ovsdb.Transaction;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The bridge {@code br-int} of this machine: which TAP is plugged in for which logical port. */
final class IntegrationBridge {

    static final String BRIDGE = "br-int";

    private static final String IDS = "external_ids";
    private static final String TENANT = "hypernetes-tenant";
    private static final String POD = "hypernetes-pod";

    private final OvsdbClient database;
    private final Replica interfaces;

    IntegrationBridge(OvsdbClient database) {
        this.database = database;
        this.interfaces =
                database.replicate(
                        Map.of("Interface", List.of("name", IDS, "ifindex", "error", "ofport")));
    }

    /**
     * A TAP that is plugged in.
     *
     * @param index the kernel's number of the device that Open vSwitch opened; 0 or less before
     * @param error what Open vSwitch says about it; empty when all is well
     * @param installed whether OVN's flows for it are in place
     */
    record Plug(String tap, PortId port, long index, String error, boolean installed) {}

    Optional<Plug> find(String tap) {
        return find(interfaces.rows("Interface"), tap);
    }

    List<Plug> plugs() {
        return interfaces.rows("Interface").stream()
                .filter(row -> row.map(IDS).containsKey(POD))
                .map(IntegrationBridge::read)
                .toList();
    }

    void plug(String tap, LogicalPort port) {
        plug(
                tap,
                Map.of(
                        "iface-id",
                        OvnNames.of(port.id()),
                        "attached-mac",
                        port.mac(),
                        TENANT,
                        port.id().tenant(),
                        POD,
                        port.id().podUid()));
    }

    /**
     * @param ids {@code iface-id} names the logical port
     */
    void plug(String tap, Map<String, String> ids) {
        Transaction change = new Transaction();
        change.require("Interface", is("name", tap), List.of("name"), List.of());
        change.insert("Interface", "device", new Columns().text("name", tap).map(IDS, ids));
        change.insert(
                "Port", "plug", new Columns().text("name", tap).inserted("interfaces", "device"));
        int bridge = change.addInserted("Bridge", is("name", BRIDGE), "ports", "plug");
        Results done = database.transact(change);
        if (done.count(bridge) == 0) { // the rows that nothing refers to are dropped in silence
            throw new OvsdbException(
                    OvsdbException.Reason.REFUSED,
                    "there is no bridge " + BRIDGE + " to plug into");
        }
    }

    void unplug(String tap) {
        Transaction look = new Transaction();
        int ports = look.select("Port", List.of(is("name", tap)));
        List<String> found = database.transact(look).rows(ports).stream().map(Row::uuid).toList();
        if (!found.isEmpty()) {
            Transaction change = new Transaction();
            change.removeReferences("Bridge", is("name", BRIDGE), "ports", found);
            database.transact(change);
        }
    }

    /** Waits for the flows of a plugged TAP; nothing when the time is over. */
    Optional<Plug> awaitInstalled(String tap, Duration timeout) throws InterruptedException {
        return interfaces.await(
                "Interface", rows -> find(rows, tap).filter(Plug::installed), timeout);
    }

    private static Optional<Plug> find(Collection<Row> rows, String tap) {
        return rows.stream()
                .filter(row -> row.text("name").equals(tap))
                .map(IntegrationBridge::read)
                .findFirst();
    }

    private static Plug read(Row row) {
        Map<String, String> ids = row.map(IDS);
        return new Plug(
                row.text("name"),
                new PortId(ids.getOrDefault(TENANT, ""), ids.getOrDefault(POD, "")),
                row.number("ifindex"),
                row.text("error"),
                "true".equals(ids.get("ovn-installed")));
    }
}
