package io.hypernetes.scheduler;

import tools.jackson.databind.JsonNode;

/**
 * @param effect NoSchedule, PreferNoSchedule or NoExecute
 */
record Taint(String key, String value, String effect) {

    static final String NOT_READY = "node.kubernetes.io/not-ready";
    static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    static final String UNSCHEDULABLE = "node.kubernetes.io/unschedulable";

    static Taint of(JsonNode taint) {
        return new Taint(
                taint.path("key").asString(""),
                taint.path("value").asString(""),
                taint.path("effect").asString(""));
    }

    /** Whether it keeps pods away, rather than being something to avoid. */
    boolean repels() {
        return effect.equals("NoSchedule") || effect.equals("NoExecute");
    }

    boolean isToleratedBy(JsonNode tolerations) {
        for (JsonNode toleration : tolerations) {
            if (tolerates(toleration)) {
                return true;
            }
        }
        return false;
    }

    private boolean tolerates(JsonNode toleration) {
        String wantedEffect = toleration.path("effect").asString("");
        String wantedKey = toleration.path("key").asString("");
        if (!wantedEffect.isEmpty() && !wantedEffect.equals(effect)) {
            return false;
        }
        if (!wantedKey.isEmpty() && !wantedKey.equals(key)) {
            return false;
        }
        return switch (toleration.path("operator").asString("")) {
            case "Exists" -> true;
            case "", "Equal" ->
                    !wantedKey.isEmpty() && toleration.path("value").asString("").equals(value);
            default -> false;
        };
    }
}
