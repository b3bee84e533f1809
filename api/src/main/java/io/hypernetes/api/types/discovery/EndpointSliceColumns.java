package io.hypernetes.api.types.discovery;

import io.hypernetes.api.Column;
import io.hypernetes.api.types.kind.Columns;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** What {@code kubectl get} shows of endpoint slices. */
public final class EndpointSliceColumns {

    private static final int SHOWN = 3;

    public static final List<Column> ALL =
            List.of(
                    Columns.text("AddressType", "addressType"),
                    Column.of("Ports", EndpointSliceColumns::ports),
                    Column.of("Endpoints", EndpointSliceColumns::endpoints),
                    Columns.age());

    private EndpointSliceColumns() {}

    private static String ports(ObjectNode slice) {
        List<String> ports = new ArrayList<>();
        for (ObjectNode port : Trees.objects(slice.path("ports"))) {
            String other = Trees.has(port, "name") ? Trees.text(port, "name") : "*";
            ports.add(Trees.has(port, "port") ? port.path("port").asString() : other);
        }
        return few(ports, "<unset>");
    }

    private static String endpoints(ObjectNode slice) {
        List<String> addresses = new ArrayList<>();
        for (ObjectNode endpoint : Trees.objects(slice.path("endpoints"))) {
            addresses.addAll(Trees.texts(endpoint.path("addresses")));
        }
        return few(addresses, "<unset>");
    }

    private static String few(List<String> all, String none) {
        if (all.isEmpty()) {
            return none;
        }
        String shown = String.join(",", all.subList(0, Math.min(SHOWN, all.size())));
        return all.size() > SHOWN ? shown + " + " + (all.size() - SHOWN) + " more..." : shown;
    }
}
