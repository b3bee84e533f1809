package io.hypernetes.api.types.flowcontrol;

import io.hypernetes.api.types.kind.Field;

import java.util.HashSet;
import java.util.Set;

/** Conditions of flow schemas and priority levels: one of each type. */
final class Conditions {

    private Conditions() {}

    static void check(Field conditions) {
        Set<String> types = new HashSet<>();
        for (Field condition : conditions.items()) {
            Field type = condition.at("type");
            if (!types.add(type.text())) {
                type.duplicate(type.text());
            }
            type.required();
        }
    }
}
