package io.hypernetes.scheduler;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

/** What the scheduler asks of a pod. */
final class Pods {

    private static final String OURS = "default-scheduler";

    private Pods() {}

    static String node(ObjectNode pod) {
        return pod.path("spec").path("nodeName").asString("");
    }

    static boolean hasEnded(ObjectNode pod) {
        String phase = pod.path("status").path("phase").asString("");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    static boolean waits(ObjectNode pod) {
        return node(pod).isEmpty()
                && pod.path("spec").path("schedulerName").asString(OURS).equals(OURS)
                && pod.path("spec").path("schedulingGates").isEmpty()
                && !Metadata.isBeingDeleted(pod)
                && !hasEnded(pod);
    }
}
