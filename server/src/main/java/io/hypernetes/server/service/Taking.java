package io.hypernetes.server.service;

import io.hypernetes.server.admission.Charge;
import io.hypernetes.server.registry.Served;
import io.hypernetes.store.Compare;
import io.hypernetes.store.Operation;
import io.hypernetes.store.StoreKey;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What one write of a service takes and gives back; lives for that write. */
final class Taking {
    private final List<Compare> conditions = new ArrayList<>();
    private final List<Operation> writes = new ArrayList<>();
    private final Set<StoreKey> keys = new HashSet<>();

    boolean has(StoreKey key) {
        return keys.contains(key);
    }

    /** If nobody else has it when the write is stored. */
    void take(StoreKey key, byte[] value) {
        if (keys.add(key)) {
            conditions.add(new Compare.Absent(key));
            writes.add(new Operation.Put(key, value));
        }
    }

    void release(Served taken) {
        StoreKey key = taken.path().key();
        if (keys.add(key)) {
            conditions.add(new Compare.AtRevision(key, taken.revision()));
            writes.add(new Operation.Delete(key));
        }
    }

    Charge charge() {
        return writes.isEmpty() ? Charge.NOTHING : new Charge(conditions, writes);
    }
}
