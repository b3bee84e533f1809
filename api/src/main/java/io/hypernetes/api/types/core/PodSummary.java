package io.hypernetes.api.types.core;

import static io.hypernetes.api.types.kind.Trees.at;
import static io.hypernetes.api.types.kind.Trees.has;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.kind.Ages;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The state of a pod in a word, as {@code kubectl get pods} has always said it: the phase is too
 * coarse for people, so the containers' states refine it.
 *
 * @param ready ready containers of all, {@code 1/2}
 * @param status for instance {@code Running}, {@code Init:0/1}, {@code CrashLoopBackOff}
 * @param restarts with the time of the last one, {@code 3 (5m ago)}
 */
record PodSummary(String ready, String status, String restarts) {

    static PodSummary of(ObjectNode pod) {
        return new Reader(pod).read();
    }

    /** Whether a condition of the pod is true. */
    static boolean condition(ObjectNode pod, String type) {
        return objects(at(pod, "status", "conditions")).stream()
                .anyMatch(c -> text(c, "type").equals(type) && text(c, "status").equals("True"));
    }

    /** Gathers the summary step by step; lives for one pod. */
    private static final class Reader {

        private final ObjectNode pod;

        /** Init containers that run on beside the others (KEP-753). */
        private final Set<String> sidecars;

        private String reason;
        private int total;
        private int ready;
        private Restarts restarts = Restarts.NONE;
        private Restarts sidecarRestarts = Restarts.NONE;

        Reader(ObjectNode pod) {
            this.pod = pod;
            String podReason = text(pod, "status", "reason");
            reason = podReason.isEmpty() ? text(pod, "status", "phase") : podReason;
            List<ObjectNode> init = objects(at(pod, "spec", "initContainers"));
            sidecars =
                    init.stream()
                            .filter(c -> text(c, "restartPolicy").equals("Always"))
                            .map(c -> text(c, "name"))
                            .collect(Collectors.toSet());
            total = at(pod, "spec", "containers").size() + sidecars.size();
        }

        PodSummary read() {
            if (objects(at(pod, "status", "conditions")).stream()
                    .anyMatch(c ->
                            text(c, "type").equals("PodScheduled")
                                    && text(c, "reason").equals("SchedulingGated"))) {
                reason = "SchedulingGated";
            }
            boolean initializing = readInitContainers();
            if (!initializing || condition(pod, "Initialized")) {
                readContainers();
            }
            if (Metadata.isBeingDeleted(pod)) {
                boolean lost = text(pod, "status", "reason").equals("NodeLost");
                String phase = text(pod, "status", "phase");
                if (lost) {
                    reason = "Unknown";
                } else if (!phase.equals("Succeeded") && !phase.equals("Failed")) {
                    reason = "Terminating";
                }
            }
            return new PodSummary(ready + "/" + total, reason, restarts.shown());
        }

        /** Whether an init container is not done; the reason then says which. */
        private boolean readInitContainers() {
            int all = at(pod, "spec", "initContainers").size();
            List<ObjectNode> statuses = objects(at(pod, "status", "initContainerStatuses"));
            for (int i = 0; i < statuses.size(); i++) {
                ObjectNode container = statuses.get(i);
                boolean sidecar = sidecars.contains(text(container, "name"));
                restarts = restarts.and(container);
                if (sidecar) {
                    sidecarRestarts = sidecarRestarts.and(container);
                }
                if (succeeded(container)) {
                    continue;
                }
                if (sidecar && at(container, "started").asBoolean(false)) {
                    ready += at(container, "ready").asBoolean(false) ? 1 : 0;
                    continue;
                }
                reason = "Init:" + initReason(container, i, all);
                return true;
            }
            return false;
        }

        private static boolean succeeded(ObjectNode container) {
            return has(container, "state", "terminated")
                    && at(container, "state", "terminated", "exitCode").asInt(0) == 0;
        }

        private static String initReason(ObjectNode container, int index, int all) {
            if (has(container, "state", "terminated")) {
                return terminated(container);
            }
            String waiting = text(container, "state", "waiting", "reason");
            return waiting.isEmpty() || waiting.equals("PodInitializing")
                    ? index + "/" + all
                    : waiting;
        }

        /** From the last to the first: the first container that is not well gives the reason. */
        private void readContainers() {
            boolean anyRunning = false;
            // What the init containers needed to get through counts no more.
            restarts = sidecarRestarts;
            List<ObjectNode> statuses = objects(at(pod, "status", "containerStatuses"));
            for (ObjectNode container : statuses.reversed()) {
                restarts = restarts.and(container);
                String waiting = text(container, "state", "waiting", "reason");
                if (!waiting.isEmpty()) {
                    reason = waiting;
                } else if (has(container, "state", "terminated")) {
                    reason = terminated(container);
                } else if (has(container, "state", "running")
                        && at(container, "ready").asBoolean(false)) {
                    anyRunning = true;
                    ready++;
                }
            }
            if (reason.equals("Completed") && anyRunning) {
                reason = condition(pod, "Ready") ? "Running" : "NotReady";
            }
        }

        private static String terminated(ObjectNode container) {
            String why = text(container, "state", "terminated", "reason");
            if (!why.isEmpty()) {
                return why;
            }
            int signal = at(container, "state", "terminated", "signal").asInt(0);
            return signal != 0
                    ? "Signal:" + signal
                    : "ExitCode:" + at(container, "state", "terminated", "exitCode").asInt(0);
        }
    }

    /**
     * @param last when the last container ended that was started again, RFC 3339; empty when nobody
     *     knows
     */
    private record Restarts(long count, String last) {

        static final Restarts NONE = new Restarts(0, "");

        Restarts and(ObjectNode container) {
            String ended = text(container, "lastState", "terminated", "finishedAt");
            return new Restarts(
                    count + at(container, "restartCount").asLong(0),
                    ended.compareTo(last) > 0 ? ended : last);
        }

        String shown() {
            return count > 0 && !last.isEmpty()
                    ? count + " (" + Ages.since(last) + " ago)"
                    : "" + count;
        }
    }
}
