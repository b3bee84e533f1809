package io.hypernetes.bench.api;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** Counts the tenants that a watch has shown as Active, each once. */
final class ActiveTenants {
    private static final String NAME = "\"name\":\"";

    private final int wanted;
    private final Set<String> active = new HashSet<>();

    /**
     * @param wanted the operator's own tenant is one of them
     */
    ActiveTenants(int wanted) {
        this.wanted = wanted;
    }

    /** Returns when all are. */
    void follow(Connection watch) throws IOException {
        while (active.size() < wanted) {
            if (!watch.nextEvent()) {
                throw new IOException("the watch ended with " + active.size() + " of " + wanted);
            }
            String event = watch.text();
            if (event.contains("\"phase\":\"Active\"")) {
                int metadata = event.indexOf("\"metadata\":");
                int from = event.indexOf(NAME, metadata) + NAME.length();
                active.add(event.substring(from, event.indexOf('"', from)));
            }
        }
    }
}
