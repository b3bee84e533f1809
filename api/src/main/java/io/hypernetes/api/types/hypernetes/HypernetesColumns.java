package io.hypernetes.api.types.hypernetes;

import static io.hypernetes.api.types.kind.Columns.orNone;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.Column;
import io.hypernetes.api.types.kind.Columns;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.Collectors;

/** What {@code kubectl get} shows of tenants, users and networks. */
public final class HypernetesColumns {

    public static final List<Column> TENANT =
            List.of(
                    Columns.text("Phase", "status", "phase"),
                    Column.of("Network", o -> orNone(text(o, "spec", "network", "cidr"))),
                    Columns.age());

    public static final List<Column> USER =
            List.of(
                    Column.of("Tenants", HypernetesColumns::tenants),
                    Columns.age(),
                    Columns.wideOrNone("Full Name", "username"));

    public static final List<Column> NETWORK =
            List.of(
                    Columns.text("CIDR", "spec", "cidr"),
                    Column.of("Gateway", HypernetesColumns::gateway),
                    Columns.text("Phase", "status", "phase"),
                    Columns.age());

    private HypernetesColumns() {}

    /** What the network's controller uses: the first address when none is set. */
    private static String gateway(ObjectNode network) {
        String gateway = text(network, "spec", "gateway");
        if (!gateway.isEmpty()) {
            return gateway;
        }
        try {
            return Cidr.parse(text(network, "spec", "cidr")).firstHost();
        } catch (IllegalArgumentException e) {
            return "<none>";
        }
    }

    private static String tenants(ObjectNode user) {
        return objects(user.path("spec").path("tenants")).stream()
                .map(tenant -> text(tenant, "name"))
                .collect(Collectors.joining(","));
    }
}
