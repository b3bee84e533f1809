package io.hypernetes.controllers.workload;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What one look at a job leads to, in the order in which it is done.
 *
 * @param status written first
 * @param ended pods that lose their finalizer once the status tells of them
 * @param deleted pods that are told to go
 * @param deletedCount whether those count as failed; others lose their finalizer first
 * @param created the pods to be made
 * @param told events on the job
 * @param again when time alone changes something
 */
record JobPlan(
        ObjectNode status,
        List<ObjectNode> ended,
        List<ObjectNode> deleted,
        boolean deletedCount,
        List<Place> created,
        List<Told> told,
        Optional<Duration> again) {

    /**
     * A pod that is missing.
     *
     * @param index -1 where pods have none
     * @param failures of that index so far
     */
    record Place(int index, int failures) {}

    /** An event. */
    record Told(boolean good, String reason, String message) {}

    /** Whether it is decided on what may not be there any more, or already. */
    boolean changesPods() {
        return !deleted.isEmpty() || !created.isEmpty();
    }
}
