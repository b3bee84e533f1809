package io.hypernetes.server.admission;

import io.hypernetes.api.Tenant;

import java.util.Arrays;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Writers of a namespace that has quotas take turns, so that they do not make each other start
 * again and again. A courtesy alone: what keeps them apart are the conditions of the transaction.
 */
final class Turns {
    private static final int LANES = 256;

    private final ReentrantLock[] lanes = new ReentrantLock[LANES];

    Turns() {
        Arrays.setAll(lanes, _ -> new ReentrantLock(true));
    }

    ReentrantLock of(Tenant tenant, String namespace) {
        return lanes[Math.floorMod((tenant.name() + '/' + namespace).hashCode(), LANES)];
    }
}
