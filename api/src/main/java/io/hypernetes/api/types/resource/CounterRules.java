package io.hypernetes.api.types.resource;

import io.hypernetes.api.names.Names;
import io.hypernetes.api.types.kind.Field;

/** Counters that the devices of a pool share (KEP-4815), and what a device takes of them. */
final class CounterRules {

    private static final int MAX_COUNTERS = 32;

    private CounterRules() {}

    /**
     * @param name the field with the set's name
     */
    static void check(Field set, String name) {
        set.at(name).required().ifGiven().form(Names::dnsLabel);
        Field counters = set.at("counters").required();
        if (counters.keys().size() > MAX_COUNTERS) {
            counters.tooMany(counters.keys().size(), MAX_COUNTERS);
            return;
        }
        for (String counter : counters.keys()) {
            Names.dnsLabel(counter).forEach(wrong -> counters.invalid(counter, wrong));
        }
    }
}
