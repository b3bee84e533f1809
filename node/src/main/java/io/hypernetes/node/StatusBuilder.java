package io.hypernetes.node;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.core.RestartPolicy;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A pod's status from its spec and what the runtime tells, with the phases and conditions of "Pod
 * Lifecycle" (Kubernetes documentation). Pure.
 */
final class StatusBuilder {

    private final String hostIp;
    private final String runtime;

    /**
     * @param runtime that the containers are of
     */
    StatusBuilder(String hostIp, String runtime) {
        this.hostIp = hostIp;
        this.runtime = runtime;
    }

    /**
     * @param sandbox empty before there is one
     * @param podIps empty before there is one
     */
    ObjectNode build(
            ObjectNode pod,
            Optional<SandboxView> sandbox,
            List<String> podIps,
            PodMemory memory,
            Instant now) {
        ObjectNode old =
                pod.get("status") instanceof ObjectNode known
                        ? known
                        : JsonNodeFactory.instance.objectNode();
        ObjectNode status = old.deepCopy();
        JsonNode spec = pod.path("spec");
        status.put("hostIP", hostIp);
        status.putArray("hostIPs").addObject().put("ip", hostIp);
        if (!podIps.isEmpty()) {
            status.put("podIP", podIps.getFirst());
            ArrayNode all = status.putArray("podIPs");
            podIps.forEach(ip -> all.addObject().put("ip", ip));
        }
        if (!status.has("startTime")) {
            status.put("startTime", time(now));
        }
        JsonNode generation = pod.path("metadata").path("generation");
        if (generation.isNumber()) {
            status.set("observedGeneration", generation);
        }
        List<String> incomplete = incomplete(spec, sandbox, memory);
        ContainerStatuses statuses = new ContainerStatuses(old, sandbox, memory, runtime);
        ArrayNode init =
                statuses.of(
                        spec.path("initContainers"), "initContainerStatuses", "PodInitializing");
        if (!init.isEmpty()) {
            status.set("initContainerStatuses", init);
        }
        ArrayNode containers =
                statuses.of(
                        spec.path("containers"),
                        "containerStatuses",
                        incomplete.isEmpty() ? "ContainerCreating" : "PodInitializing");
        status.set("containerStatuses", containers);
        ArrayNode ephemeral =
                statuses.of(
                        spec.path("ephemeralContainers"),
                        "ephemeralContainerStatuses",
                        "ContainerCreating");
        if (!ephemeral.isEmpty()) {
            status.set("ephemeralContainerStatuses", ephemeral);
        }
        String phase = phase(spec, sandbox, containers, ended(spec, init));
        status.put("phase", phase);
        status.set(
                "conditions",
                new PodConditions(old, generation, now)
                        .of(
                                phase,
                                sandbox.isPresent(),
                                incomplete,
                                readiness(spec, init, containers),
                                spec.path("readinessGates"),
                                memory.resize(),
                                RestartPolicy.mayRestartAll(spec)
                                        ? Optional.of(memory.restartsAll().isPresent())
                                        : Optional.empty()));
        return status;
    }

    /** Init containers that have not ended well, and sidecars that have not started. */
    private static List<String> incomplete(
            JsonNode spec, Optional<SandboxView> sandbox, PodMemory memory) {
        List<String> incomplete = new ArrayList<>();
        if (sandbox.isPresent() && StartOrder.hasBegun(spec, sandbox.get())) {
            return incomplete;
        }
        for (JsonNode container : spec.path("initContainers")) {
            boolean done =
                    sandbox.isPresent()
                            && (StartOrder.isSidecar(container)
                                    ? StartOrder.hasStarted(container, sandbox.get(), memory)
                                    : StartOrder.hasSucceeded(container, sandbox.get()));
            if (!done) {
                incomplete.add(container.path("name").asString(""));
            }
        }
        return incomplete;
    }

    /** The statuses of init containers that are to end. */
    private static ArrayNode ended(JsonNode spec, ArrayNode init) {
        ArrayNode ended = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < init.size(); i++) {
            if (!StartOrder.isSidecar(spec.path("initContainers").path(i))) {
                ended.add(init.get(i));
            }
        }
        return ended;
    }

    /** The statuses of all whose readiness is the pod's: sidecars count. */
    private static ArrayNode readiness(JsonNode spec, ArrayNode init, ArrayNode containers) {
        ArrayNode counted = JsonNodeFactory.instance.arrayNode();
        for (int i = 0; i < init.size(); i++) {
            if (StartOrder.isSidecar(spec.path("initContainers").path(i))) {
                counted.add(init.get(i));
            }
        }
        return counted.addAll(containers);
    }

    private static String phase(
            JsonNode spec, Optional<SandboxView> sandbox, ArrayNode containers, ArrayNode init) {
        for (JsonNode status : init) {
            if (exitCode(status) != 0) {
                JsonNode container = named(spec.path("initContainers"), status);
                String policy = RestartPolicy.ofInit(spec, container);
                if (!RestartPolicy.restarts(container, policy, exitCode(status))) {
                    return "Failed";
                }
            }
        }
        int running = 0;
        int succeeded = 0;
        int failed = 0;
        int waiting = 0;
        boolean restarts = false;
        for (JsonNode status : containers) {
            if (status.path("state").has("running")) {
                running++;
            } else if (status.path("state").has("terminated")) {
                if (exitCode(status) == 0) {
                    succeeded++;
                } else {
                    failed++;
                }
                JsonNode container = named(spec.path("containers"), status);
                String policy = RestartPolicy.of(spec, container);
                restarts |= RestartPolicy.restarts(container, policy, exitCode(status));
            } else if (status.path("lastState").has("terminated")) {
                running++;
            } else {
                waiting++;
            }
        }
        if (waiting > 0 || sandbox.isEmpty() && succeeded + failed == 0) {
            return "Pending";
        }
        if (running > 0 || restarts) {
            return "Running";
        }
        return failed > 0 ? "Failed" : "Succeeded";
    }

    private static int exitCode(JsonNode status) {
        return status.path("state").path("terminated").path("exitCode").asInt(0);
    }

    private static JsonNode named(JsonNode containers, JsonNode status) {
        return containers
                .valueStream()
                .filter(container -> container.path("name").equals(status.path("name")))
                .findFirst()
                .orElse(MissingNode.getInstance());
    }

    /** Says that it was its node that ended the pod (KEP-3329). */
    static void disrupted(ObjectNode status, String message, Instant now) {
        status.withArray("conditions")
                .addObject()
                .put("type", "DisruptionTarget")
                .put("status", "True")
                .put("lastTransitionTime", time(now))
                .put("reason", "TerminationByKubelet")
                .put("message", message);
    }

    /** The status of a pod whose node gave up on it. */
    static ObjectNode failed(ObjectNode pod, String reason, String message) {
        ObjectNode status =
                pod.get("status") instanceof ObjectNode known
                        ? known.deepCopy()
                        : JsonNodeFactory.instance.objectNode();
        status.put("phase", "Failed").put("reason", reason).put("message", message);
        return status;
    }

    static String time(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    static boolean isOver(ObjectNode pod) {
        String phase = pod.path("status").path("phase").asString("");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    static String describe(ObjectNode pod) {
        return Metadata.namespace(pod) + "/" + Metadata.name(pod);
    }
}
