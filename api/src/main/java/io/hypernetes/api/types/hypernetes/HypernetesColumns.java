package io.hypernetes.api.types.hypernetes;

import static io.hypernetes.api.types.kind.Columns.orNone;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.Column;
import io.hypernetes.api.types.kind.Columns;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@code kubectl get} shows of tenants, users, networks and floating addresses. */
public final class HypernetesColumns {

    public static final List<Column> TENANT =
            List.of(
                    Columns.text("Phase", "status", "phase"),
                    Column.of("Network", o -> orNone(cidrs(o.at("/spec/network")))),
                    Columns.age());

    public static final List<Column> USER =
            List.of(
                    Column.of("Tenants", HypernetesColumns::tenants),
                    Columns.text("Phase", "status", "phase"),
                    Columns.age(),
                    Columns.wideOrNone("Username", "username"));

    public static final List<Column> NETWORK =
            List.of(
                    Column.of("CIDR", network -> cidrs(network.path("spec"))),
                    Column.of("Gateway", HypernetesColumns::gateway),
                    Columns.text("Phase", "status", "phase"),
                    Columns.age());

    public static final List<Column> FLOATING_IP =
            List.of(
                    Column.of("Address", o -> orNone(text(o, "status", "address"))),
                    Column.of("Target", HypernetesColumns::target),
                    Columns.text("Phase", "status", "phase"),
                    Columns.age());

    private HypernetesColumns() {}

    private static String target(ObjectNode floating) {
        String kind = text(floating, "spec", "target", "kind");
        return kind.isEmpty()
                ? "<none>"
                : kind.toLowerCase(Locale.ROOT) + "/" + text(floating, "spec", "target", "name");
    }

    private static String cidrs(JsonNode network) {
        return Stream.of(network.path("cidr"), network.at("/ipv6/cidr"))
                .map(cidr -> cidr.asString(""))
                .filter(cidr -> !cidr.isEmpty())
                .collect(Collectors.joining(","));
    }

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
