package io.hypernetes.api.types.core;

import tools.jackson.databind.JsonNode;

import java.util.List;
import java.util.Optional;

/**
 * Whether a container that has ended is started again: by the first of its own rules that its exit
 * code meets, else by its own policy, else by the pod's (KEP-5307). Pure.
 */
public final class RestartPolicy {

    private RestartPolicy() {}

    /** Of a container that is no init container. */
    public static String of(JsonNode spec, JsonNode container) {
        return container
                .path("restartPolicy")
                .asString(spec.path("restartPolicy").asString("Always"));
    }

    /** Of an init container, which ends with its first success. */
    public static String ofInit(JsonNode spec, JsonNode container) {
        return of(spec, container).equals("Never") ? "Never" : "OnFailure";
    }

    public static boolean restarts(JsonNode container, String policy, int exitCode) {
        return rule(container, exitCode).isPresent() // Both actions restart it.
                || policy.equals("Always")
                || (policy.equals("OnFailure") && exitCode != 0);
    }

    /** Whether the rule that decides wants all containers of the pod to start anew (KEP-5532). */
    public static boolean restartsAll(JsonNode container, int exitCode) {
        return rule(container, exitCode).filter(RestartPolicy::wantsAll).isPresent();
    }

    /** Whether that may ever happen to a pod. */
    public static boolean mayRestartAll(JsonNode spec) {
        return List.of("initContainers", "containers").stream()
                .flatMap(list -> spec.path(list).valueStream())
                .flatMap(container -> container.path("restartPolicyRules").valueStream())
                .anyMatch(RestartPolicy::wantsAll);
    }

    private static boolean wantsAll(JsonNode rule) {
        return rule.path("action").asString("").equals("RestartAllContainers");
    }

    /** The first of the container's own rules that an exit code meets. */
    private static Optional<JsonNode> rule(JsonNode container, int exitCode) {
        return container
                .path("restartPolicyRules")
                .valueStream()
                .filter(rule -> meets(rule.path("exitCodes"), exitCode))
                .findFirst();
    }

    private static boolean meets(JsonNode codes, int exitCode) {
        boolean named =
                codes.path("values").valueStream().anyMatch(code -> code.asInt() == exitCode);
        return switch (codes.path("operator").asString("")) {
            case "In" -> named;
            case "NotIn" -> !named;
            default -> false;
        };
    }
}
