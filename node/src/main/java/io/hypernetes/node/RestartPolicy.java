package io.hypernetes.node;

import tools.jackson.databind.JsonNode;

/**
 * Whether a container that has ended is started again: by the first of its own rules that its exit
 * code meets, else by its own policy, else by the pod's (KEP-5307). Pure.
 */
final class RestartPolicy {

    private RestartPolicy() {}

    /** Of a container that is no init container. */
    static String of(JsonNode spec, JsonNode container) {
        return container
                .path("restartPolicy")
                .asString(spec.path("restartPolicy").asString("Always"));
    }

    /** Of an init container, which ends with its first success. */
    static String ofInit(JsonNode spec, JsonNode container) {
        return of(spec, container).equals("Never") ? "Never" : "OnFailure";
    }

    static boolean restarts(JsonNode container, String policy, int exitCode) {
        for (JsonNode rule : container.path("restartPolicyRules")) {
            if (meets(rule.path("exitCodes"), exitCode)) {
                return true; // Both actions restart it.
            }
        }
        return policy.equals("Always") || (policy.equals("OnFailure") && exitCode != 0);
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
