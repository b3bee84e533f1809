package io.hypernetes.controllers.workload;

import io.hypernetes.api.Metadata;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.stream.Stream;

/** What a job's {@code podFailurePolicy} says about a failed pod (KEP-3329). */
record JobFailurePolicy(Action action, String message) {

    /** What the failure means. */
    enum Action {
        COUNT,
        IGNORE,
        FAIL_JOB,
        FAIL_INDEX
    }

    private static final JobFailurePolicy COUNTED = new JobFailurePolicy(Action.COUNT, "");

    static JobFailurePolicy of(JobSpec spec, ObjectNode pod) {
        JsonNode rules = spec.spec().path("podFailurePolicy").path("rules");
        for (int i = 0; i < rules.size(); i++) {
            JsonNode rule = rules.get(i);
            String why = match(rule, pod, i);
            if (!why.isEmpty()) {
                return switch (rule.path("action").asString("")) {
                    case "Ignore" -> new JobFailurePolicy(Action.IGNORE, why);
                    case "FailJob" -> new JobFailurePolicy(Action.FAIL_JOB, why);
                    case "FailIndex" -> new JobFailurePolicy(Action.FAIL_INDEX, why);
                    default -> COUNTED;
                };
            }
        }
        return COUNTED;
    }

    /** Empty when the rule does not match. */
    private static String match(JsonNode rule, ObjectNode pod, int number) {
        String name = Metadata.namespace(pod) + "/" + Metadata.name(pod);
        String end = " matching " + rule.path("action").asString("") + " rule at index " + number;
        JsonNode codes = rule.path("onExitCodes");
        if (codes.isObject()) {
            return containers(pod)
                    .filter(status -> matches(codes, status))
                    .findFirst()
                    .map(status ->
                            "Container "
                                    + status.path("name").asString("")
                                    + " for pod "
                                    + name
                                    + " failed with exit code "
                                    + exitCode(status)
                                    + end)
                    .orElse("");
        }
        for (JsonNode pattern : rule.path("onPodConditions")) {
            boolean matches =
                    pod.path("status")
                            .path("conditions")
                            .valueStream()
                            .anyMatch(c ->
                                    c.path("type").equals(pattern.path("type"))
                                            && c.path("status")
                                                    .asString("")
                                                    .equals(
                                                            pattern.path("status")
                                                                    .asString("True")));
            if (matches) {
                return "Pod " + name + " has condition " + pattern.path("type").asString("") + end;
            }
        }
        return "";
    }

    private static Stream<JsonNode> containers(ObjectNode pod) {
        JsonNode status = pod.path("status");
        return Stream.concat(
                status.path("containerStatuses").valueStream(),
                status.path("initContainerStatuses").valueStream());
    }

    private static int exitCode(JsonNode status) {
        return status.path("state").path("terminated").path("exitCode").asInt(0);
    }

    /** Success is never matched. */
    private static boolean matches(JsonNode rule, JsonNode status) {
        int code = exitCode(status);
        JsonNode container = rule.path("containerName");
        if (code == 0
                || (container.isString()
                        && !container.asString().equals(status.path("name").asString("")))) {
            return false;
        }
        boolean listed =
                rule.path("values").valueStream().anyMatch(value -> value.asInt(0) == code);
        return rule.path("operator").asString("").equals("NotIn") != listed;
    }
}
