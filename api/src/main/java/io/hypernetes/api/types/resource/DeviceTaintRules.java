package io.hypernetes.api.types.resource;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;

import java.util.List;

/** Taints of devices, and what tolerates them. */
final class DeviceTaintRules {

    private static final List<String> EFFECTS = List.of("NoExecute", "NoSchedule", "None");

    private DeviceTaintRules() {}

    static void taint(Field taint) {
        taint.at("key").form(Names::qualifiedName);
        taint.at("value").ifGiven().form(Names::labelValue);
        Field effect = taint.at("effect");
        if (effect.isGiven()) {
            effect.oneOf(EFFECTS);
        } else {
            effect.tellRequired("");
        }
    }

    static void toleration(Field toleration) {
        toleration.at("key").ifGiven().form(Names::qualifiedName);
        Field operator = toleration.at("operator");
        Field value = toleration.at("value");
        switch (operator.text()) {
            case "Exists" -> {
                if (value.isGiven()) {
                    value.invalid("must be empty for operator `Exists`");
                }
            }
            case "Equal" -> value.form(Names::labelValue);
            case "" -> operator.tellRequired("");
            default -> operator.notSupported(List.of("Equal", "Exists"));
        }
        if (toleration.at("effect").isGiven()) {
            toleration.at("effect").oneOf(EFFECTS);
        }
    }
}
