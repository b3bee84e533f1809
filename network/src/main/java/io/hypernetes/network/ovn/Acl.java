package io.hypernetes.network.ovn;

import io.hypernetes.network.ovsdb.Columns;
import io.hypernetes.network.ovsdb.Transaction;

import java.util.Map;

/** A rule of a switch or of a port group: a row of the table ACL (ovn-nb(5)). */
record Acl(
        int priority, String direction, String match, String action, Map<String, String> options) {

    static final String TABLE = "ACL";

    /** What ports send. */
    static final String FROM_PORT = "from-lport";

    /** What ports receive. */
    static final String TO_PORT = "to-lport";

    Acl(int priority, String direction, String match, String action) {
        this(priority, direction, match, action, Map.of());
    }

    /**
     * @param name by which the rest of the transaction refers to the row
     * @param ids by which it is found again
     */
    void insert(Transaction change, String name, Map<String, String> ids) {
        change.insert(
                TABLE,
                name,
                new Columns()
                        .number("priority", priority)
                        .text("direction", direction)
                        .text("match", match)
                        .text("action", action)
                        .map("options", options)
                        .map(Northbound.IDS, ids));
    }
}
