package io.hypernetes.scheduler.cluster;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** What a pod puts up with; an empty key with Exists is every taint, an empty effect all three. */
public record Toleration(String key, String operator, String value, String effect) {

    static List<Toleration> all(JsonNode tolerations) {
        List<Toleration> all = new ArrayList<>();
        for (JsonNode each : tolerations) {
            all.add(
                    new Toleration(
                            each.path("key").asString(""),
                            each.path("operator").asString(""),
                            each.path("value").asString(""),
                            each.path("effect").asString("")));
        }
        return List.copyOf(all);
    }

    public boolean tolerates(Taint taint) {
        if (!effect.isEmpty() && !effect.equals(taint.effect())) {
            return false;
        }
        if (!key.isEmpty() && !key.equals(taint.key())) {
            return false;
        }
        return switch (operator) {
            case "Exists" -> true;
            case "", "Equal" -> !key.isEmpty() && value.equals(taint.value());
            case "Gt" -> compare(taint) > 0;
            case "Lt" -> compare(taint) < 0;
            default -> false;
        };
    }

    /** KEP-5471: the taint's number against the toleration's; 0 when one is no number. */
    private int compare(Taint taint) {
        try {
            return key.isEmpty()
                    ? 0
                    : Long.compare(Long.parseLong(taint.value()), Long.parseLong(value));
        } catch (NumberFormatException _) {
            return 0;
        }
    }
}
