package io.hypernetes.server.admission;

import io.hypernetes.store.Compare;

import java.util.List;

/** One concern of admission. Both methods throw ApiException, usually Forbidden, to refuse. */
interface AdmissionController {
    /** Before validation: may change the object in place. Runs again when the write is retried. */
    default void mutate(AdmissionRequest request) {}

    /**
     * After validation.
     *
     * @return what must still be true when the write is stored
     */
    default List<Compare> validate(AdmissionRequest request) {
        return List.of();
    }
}
