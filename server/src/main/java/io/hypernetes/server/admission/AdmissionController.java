package io.hypernetes.server.admission;

import io.hypernetes.store.Compare;

import java.util.List;

/**
 * One concern of admission: upstream's admission plug-in. Both methods throw ApiException, usually
 * Forbidden, to refuse. They are called for every operation on every resource: look at {@link
 * AdmissionRequest#creates}, {@link AdmissionRequest#isFor} and the operation first.
 */
public interface AdmissionController {
    /**
     * Before validation: may change {@code request.object()} in place, except for a deletion. Runs
     * again when the write is retried, and once more in the same write when a webhook or policy
     * changed the object after this controller ran: it must be idempotent.
     */
    default void mutate(AdmissionRequest request) throws InterruptedException {}

    /**
     * After validation, when nothing changes the object any more.
     *
     * @return what must still be true when the write is stored
     */
    default List<Compare> validate(AdmissionRequest request) throws InterruptedException {
        return List.of();
    }
}
