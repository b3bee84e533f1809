package io.hypernetes.network.ovn;

import io.hypernetes.network.NetworkException;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.Replica;
import io.hypernetes.network.ovsdb.Transaction;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Tells when this machine's switch does what stands in the northbound database: a number that is
 * raised there comes back from this machine once all that was written before it is in its flows
 * (ovn-nb(5), {@code nb_cfg}). The number of this machine is looked at and not {@code hv_cfg},
 * which a dead machine would hold up for all.
 */
final class Barrier {

    private static final String GLOBAL = "NB_Global";
    private static final String MACHINES = "Chassis_Private";
    private static final String NUMBER = "nb_cfg";

    private final OvsdbClient northbound;
    private final Replica machines;
    private final String chassis;

    Barrier(OvsdbClient northbound, OvsdbClient southbound, String chassis) {
        this.northbound = northbound;
        this.machines = southbound.replicate(Map.of(MACHINES, List.of("name", NUMBER)));
        this.chassis = chassis;
    }

    /** Returns when all that was written before is in the flows of this machine. */
    void await(Duration patience) {
        long number = Patience.steady("ask the switch how far it is", this::raise);
        try {
            boolean reached =
                    machines.await(
                                    MACHINES,
                                    rows ->
                                            rows.stream()
                                                    .filter(row ->
                                                            row.text("name").equals(chassis)
                                                                    && row.number(NUMBER) >= number)
                                                    .findAny(),
                                    patience)
                            .isPresent();
            if (!reached) {
                throw new NetworkException(
                        "the switch has not followed for %d seconds: see the logs of ovn-northd and"
                                        .formatted(patience.toSeconds())
                                + " ovn-controller");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NetworkException("interrupted while waiting for the switch", e);
        }
    }

    private long raise() {
        Transaction change = new Transaction();
        change.increment(GLOBAL, NUMBER);
        int now = change.select(GLOBAL, List.of(), NUMBER);
        return northbound.transact(change).rows(now).stream()
                .findFirst()
                .map(global -> global.number(NUMBER))
                .orElse(0L);
    }
}
