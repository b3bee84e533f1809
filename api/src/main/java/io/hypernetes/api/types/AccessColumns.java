package io.hypernetes.api.types;

import static io.hypernetes.api.types.Columns.orNone;
import static io.hypernetes.api.types.Trees.objects;
import static io.hypernetes.api.types.Trees.text;

import io.hypernetes.api.Column;
import io.hypernetes.api.Metadata;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.Collectors;

/** What {@code kubectl get} shows of roles, bindings, tenants, users and networks. */
final class AccessColumns {

    static final List<Column> ROLE =
            List.of(new Column("Created At", "date", "", "", 0, Metadata::creationTimestamp));

    static final List<Column> BINDING =
            List.of(
                    Column.of(
                            "Role",
                            o -> text(o, "roleRef", "kind") + "/" + text(o, "roleRef", "name")),
                    Columns.age(),
                    Column.wide("Users", o -> subjects(o, "User")),
                    Column.wide("Groups", o -> subjects(o, "Group")),
                    Column.wide("ServiceAccounts", o -> subjects(o, "ServiceAccount")));

    static final List<Column> TENANT =
            List.of(
                    Columns.text("Phase", "status", "phase"),
                    Column.of("Network", o -> orNone(text(o, "spec", "network", "cidr"))),
                    Columns.age());

    static final List<Column> USER =
            List.of(
                    Column.of("Tenants", AccessColumns::tenants),
                    Columns.age(),
                    Columns.wideOrNone("Full Name", "username"));

    static final List<Column> NETWORK =
            List.of(
                    Columns.text("CIDR", "spec", "cidr"),
                    Column.of("Gateway", AccessColumns::gateway),
                    Columns.text("Phase", "status", "phase"),
                    Columns.age());

    private AccessColumns() {}

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

    private static String subjects(ObjectNode binding, String kind) {
        return objects(binding.path("subjects")).stream()
                .filter(subject -> text(subject, "kind").equals(kind))
                .map(subject ->
                        kind.equals("ServiceAccount")
                                ? text(subject, "namespace") + "/" + text(subject, "name")
                                : text(subject, "name"))
                .collect(Collectors.joining(", "));
    }

    private static String tenants(ObjectNode user) {
        return objects(user.path("spec").path("tenants")).stream()
                .map(tenant -> text(tenant, "name"))
                .collect(Collectors.joining(","));
    }
}
