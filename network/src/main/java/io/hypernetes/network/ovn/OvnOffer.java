package io.hypernetes.network.ovn;

import static io.hypernetes.network.ovsdb.Transaction.Condition.row;

import io.hypernetes.network.ovsdb.Columns;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.Remote;
import io.hypernetes.network.ovsdb.Results;
import io.hypernetes.network.ovsdb.Row;
import io.hypernetes.network.ovsdb.Transaction;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether the central databases listen to other machines: an ovsdb-server reads that from its own
 * database, and follows it while it runs.
 */
final class OvnOffer {

    /**
     * In the southbound database a machine changes what is its own, by the name in its certificate
     * (ovn-sb(5), RBAC_Role). The northbound database has no such roles.
     */
    private static final String ROLE = "ovn-controller";

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private OvnOffer() {}

    static void ensure(Remote northbound, Remote southbound, Optional<OvnMember.Offer> offer) {
        ensure(northbound, "OVN_Northbound", "NB_Global", OvnMember.NORTHBOUND_PORT, "", offer);
        ensure(southbound, "OVN_Southbound", "SB_Global", OvnMember.SOUTHBOUND_PORT, ROLE, offer);
    }

    private static void ensure(
            Remote server,
            String database,
            String table,
            int port,
            String role,
            Optional<OvnMember.Offer> offer) {
        try (OvsdbClient client = new OvsdbClient(server, database, TIMEOUT)) {
            Transaction look = new Transaction();
            int globals = look.select(table, List.of(), "connections", "ssl");
            int connections = look.select("Connection", List.of(), "target");
            int certificates = look.select("SSL", List.of(), "certificate");
            Results found = client.transact(look);
            List<String> before = new ArrayList<>();
            found.rows(connections).forEach(c -> before.add(c.text("target")));
            found.rows(certificates).forEach(c -> before.add(c.text("certificate")));
            List<String> wanted =
                    offer.map(made ->
                                    List.of(
                                            listen(port, made),
                                            made.files().certificate().toString()))
                            .orElse(List.of());
            if (before.equals(wanted)) {
                return; // those who are connected stay so
            }
            Row global = found.rows(globals).getFirst();
            Transaction change = new Transaction();
            change.removeReferences(
                    table, row(global.uuid()), "connections", global.references("connections"));
            change.removeReferences(table, row(global.uuid()), "ssl", global.references("ssl"));
            offer.ifPresent(made -> insert(change, table, global, port, role, made));
            client.transact(change);
        }
    }

    private static String listen(int port, OvnMember.Offer offer) {
        String host = offer.address();
        return "pssl:" + port + ":" + (host.contains(":") ? "[" + host + "]" : host);
    }

    private static void insert(
            Transaction change,
            String table,
            Row global,
            int port,
            String role,
            OvnMember.Offer offer) {
        Columns connection = new Columns().text("target", listen(port, offer));
        if (!role.isEmpty()) {
            connection.text("role", role);
        }
        change.insert("Connection", "connection", connection);
        change.insert(
                "SSL",
                "tls",
                new Columns()
                        .text("private_key", offer.files().key().toString())
                        .text("certificate", offer.files().certificate().toString())
                        .text("ca_cert", offer.files().authority().toString()));
        change.addInserted(table, row(global.uuid()), "connections", "connection");
        change.addInserted(table, row(global.uuid()), "ssl", "tls");
    }
}
