package io.hypernetes.api.types.resource;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;

import java.util.List;

/** The conditions that must hold of a device before a pod is bound (KEP-5007). */
final class BindingConditionRules {

    private static final int MAX_CONDITIONS = 4;

    private BindingConditionRules() {}

    static void check(Field device) {
        Field good = device.at("bindingConditions");
        Field bad = device.at("bindingFailureConditions");
        for (Field list : List.of(good, bad)) {
            DeviceRequestRules.atMost(list, MAX_CONDITIONS)
                    .forEach(condition -> condition.form(Names::qualifiedName));
        }
        good.distinctItems();
        bad.distinctItems();
        for (Field condition : bad.items()) {
            if (good.texts().contains(condition.text())) {
                condition.invalid(
                        "bindingFailureConditions must not overlap with bindingConditions");
            }
        }
        if (bad.isGiven() && !good.isGiven()) {
            good.invalid("bindingConditions are required to use bindingFailureConditions");
        }
        if (good.isGiven() && !bad.isGiven()) {
            bad.invalid("bindingFailureConditions are required to use bindingConditions");
        }
    }
}
