package io.hypernetes.store;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToLongFunction;

/**
 * Changes that are made together, at one revision, if all compares hold.
 *
 * @param operations at most {@value #MAX_OPERATIONS}, each about another key
 */
public record Txn(List<Compare> compares, List<Operation> operations) {

    public static final int MAX_OPERATIONS = 4096;

    public Txn {
        compares = List.copyOf(compares);
        operations = List.copyOf(operations);
        if (operations.size() > MAX_OPERATIONS) {
            throw new IllegalArgumentException(
                    "a transaction has at most " + MAX_OPERATIONS + " operations");
        }
        if (operations.size() > 1) {
            Set<StoreKey> seen = new HashSet<>();
            for (Operation operation : operations) {
                if (!seen.add(operation.key())) {
                    throw new IllegalArgumentException(
                            "a transaction changes a key once: " + operation.key());
                }
            }
        }
    }

    /** Makes a key that must not exist. */
    public static Txn create(StoreKey key, byte[] value) {
        return new Txn(List.of(new Compare.Absent(key)), List.of(new Operation.Put(key, value)));
    }

    /** Replaces a value that must not have changed since {@code modRevision}. */
    public static Txn replace(StoreKey key, byte[] value, long modRevision) {
        return new Txn(
                List.of(new Compare.AtRevision(key, modRevision)),
                List.of(new Operation.Put(key, value)));
    }

    /** Removes a key that must not have changed since {@code modRevision}. */
    public static Txn delete(StoreKey key, long modRevision) {
        return new Txn(
                List.of(new Compare.AtRevision(key, modRevision)),
                List.of(new Operation.Delete(key)));
    }

    /**
     * The first compare that does not hold.
     *
     * @param modRevision tells a key's modification revision, 0 when there is none
     */
    public Optional<TxnResult.Conflict> conflict(ToLongFunction<StoreKey> modRevision) {
        for (Compare compare : compares) {
            long found = modRevision.applyAsLong(compare.key());
            long expected =
                    switch (compare) {
                        case Compare.Absent _ -> 0;
                        case Compare.AtRevision at -> at.modRevision();
                    };
            if (found != expected) {
                return Optional.of(new TxnResult.Conflict(compare, found));
            }
        }
        return Optional.empty();
    }
}
