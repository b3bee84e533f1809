package io.hypernetes.api.placement;

import tools.jackson.databind.JsonNode;

/**
 * @param effect NoSchedule, PreferNoSchedule or NoExecute
 */
public record Taint(String key, String value, String effect) {

    public static final String NOT_READY = "node.kubernetes.io/not-ready";
    public static final String UNREACHABLE = "node.kubernetes.io/unreachable";
    public static final Taint CORDON =
            new Taint("node.kubernetes.io/unschedulable", "", "NoSchedule");

    public static Taint of(JsonNode taint) {
        return new Taint(
                taint.path("key").asString(""),
                taint.path("value").asString(""),
                taint.path("effect").asString(""));
    }

    /** Whether it keeps pods away, rather than being something to avoid. */
    public boolean repels() {
        return effect.equals("NoSchedule") || effect.equals("NoExecute");
    }
}
