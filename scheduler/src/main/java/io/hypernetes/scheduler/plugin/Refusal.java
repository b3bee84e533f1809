package io.hypernetes.scheduler.plugin;

import java.util.List;

/**
 * What a filter has against a node.
 *
 * @param reasons in upstream's words; none when the node passes
 * @param hopeless whether it would be the same without the pods that are there now
 */
public record Refusal(List<String> reasons, boolean hopeless) {

    public static final Refusal NONE = new Refusal(List.of(), false);

    /** Others may go and make room. */
    static Refusal of(String reason) {
        return new Refusal(List.of(reason), false);
    }

    static Refusal hopeless(String reason) {
        return new Refusal(List.of(reason), true);
    }

    public boolean passes() {
        return reasons.isEmpty();
    }
}
