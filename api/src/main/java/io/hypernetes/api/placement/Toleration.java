package io.hypernetes.api.placement;

import tools.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** What a pod puts up with; an empty key with Exists is every taint, an empty effect all three. */
public record Toleration(String key, String operator, String value, String effect) {

    public static List<Toleration> all(JsonNode tolerations) {
        List<Toleration> all = new ArrayList<>();
        tolerations.forEach(each -> all.add(of(each)));
        return List.copyOf(all);
    }

    public static Toleration of(JsonNode toleration) {
        return new Toleration(
                toleration.path("key").asString(""),
                toleration.path("operator").asString(""),
                toleration.path("value").asString(""),
                toleration.path("effect").asString(""));
    }

    /** Whether one of them does. */
    public static boolean tolerates(List<Toleration> tolerations, Taint taint) {
        for (Toleration toleration : tolerations) {
            if (toleration.tolerates(taint)) {
                return true;
            }
        }
        return false;
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
