package io.hypernetes.api.types.scheduling;

import io.hypernetes.api.Scope;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;
import io.hypernetes.api.types.kind.KindStrategy;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;

/** PriorityClasses. */
public final class PriorityClassStrategy extends KindStrategy {

    private static final String RESERVED = "system-";
    private static final long HIGHEST = 1_000_000_000;

    /** The classes that every installation has, and their values. */
    public static final Map<String, Long> OF_THE_SYSTEM =
            Map.of(
                    "system-node-critical",
                    2_000_001_000L,
                    "system-cluster-critical",
                    2_000_000_000L);

    public PriorityClassStrategy() {
        super(Scope.CLUSTER, Names::dnsSubdomain);
    }

    @Override
    public void applyDefaults(ObjectNode priority) {
        Trees.setIfAbsent(priority, "preemptionPolicy", "PreemptLowerPriority");
    }

    /** The first generation stays: what could make another cannot change. */
    @Override
    public JsonNode desired(ObjectNode priority) {
        return Json.object();
    }

    @Override
    protected void createRules(Field priority) {
        Field policy = priority.at("preemptionPolicy");
        if (policy.isSet()) {
            policy.required();
        }
    }

    @Override
    protected void rules(Field priority) {
        String name = priority.at("metadata", "name").text();
        Field value = priority.at("value");
        if (name.startsWith(RESERVED)) {
            reserved(priority, name);
        } else if (value.number() > HIGHEST) {
            value.forbidden("maximum allowed value of a user defined priority is " + HIGHEST);
        }
        priority.at("preemptionPolicy").ifGiven().oneOf("PreemptLowerPriority", "Never");
    }

    private static void reserved(Field priority, String name) {
        Long expected = OF_THE_SYSTEM.get(name);
        String error =
                expected == null
                        ? name + " is not a known system priority class"
                        : priority.at("value").number() != expected
                                ? "value of " + name + " PriorityClass must be " + expected
                                : priority.at("globalDefault").flag()
                                        ? "globalDefault of "
                                                + name
                                                + " PriorityClass must be false"
                                        : "";
        if (!error.isEmpty()) {
            priority.at("metadata", "name")
                    .forbidden(
                            "priority class names with '"
                                    + RESERVED
                                    + "' prefix are reserved for system use only. error: "
                                    + error);
        }
    }

    @Override
    protected void updateRules(Field priority, Field old) {
        if (priority.at("value").number() != old.at("value").number()) {
            priority.at("value").forbidden("may not be changed in an update.");
        }
        priority.at("preemptionPolicy").immutable(old.at("preemptionPolicy"));
    }
}
