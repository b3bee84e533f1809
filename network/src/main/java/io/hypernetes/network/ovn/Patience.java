package io.hypernetes.network.ovn;

import io.hypernetes.network.NetworkException;
import io.hypernetes.network.ovsdb.OvsdbException;

import java.util.function.Supplier;

/** Repeats work on databases, all of which may be repeated. */
final class Patience {

    private static final int TRIES = 3;
    private static final int ATTEMPTS = 100;

    private Patience() {}

    /** A database that is being started again is met with patience. */
    static <T> T steady(String what, Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (OvsdbException e) {
                boolean lost = e.reason() == OvsdbException.Reason.DISCONNECTED;
                if (!lost || attempt == TRIES) {
                    throw new NetworkException("cannot " + what + ": " + e.getMessage(), e);
                }
            }
        }
    }

    /** A transaction that met another writer's is begun anew, with a new look. */
    static <T> T untilNoConflict(Supplier<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return work.get();
            } catch (OvsdbException e) {
                if (e.reason() != OvsdbException.Reason.CONFLICT || attempt == ATTEMPTS) {
                    throw e;
                }
            }
        }
    }
}
