package io.hypernetes.controllers.autoscale;

import tools.jackson.databind.node.ObjectNode;

/** What one metric makes of the number of replicas. */
sealed interface Proposal {

    /**
     * @param metric its name in conditions and events
     * @param status an entry of {@code status.currentMetrics}
     */
    record Replicas(int count, String metric, ObjectNode status) implements Proposal {}

    /**
     * @param reason of condition and event, for instance FailedGetResourceMetric
     */
    record Unknown(String reason, String message) implements Proposal {}
}
