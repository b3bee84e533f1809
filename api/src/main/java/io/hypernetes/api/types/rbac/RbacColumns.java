package io.hypernetes.api.types.rbac;

import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.Column;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.kind.Columns;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.Collectors;

/** What {@code kubectl get} shows of roles and bindings. */
public final class RbacColumns {

    public static final List<Column> ROLE =
            List.of(new Column("Created At", "date", "", "", 0, Metadata::creationTimestamp));

    public static final List<Column> BINDING =
            List.of(
                    Column.of(
                            "Role",
                            o -> text(o, "roleRef", "kind") + "/" + text(o, "roleRef", "name")),
                    Columns.age(),
                    Column.wide("Users", o -> subjects(o, "User")),
                    Column.wide("Groups", o -> subjects(o, "Group")),
                    Column.wide("ServiceAccounts", o -> subjects(o, "ServiceAccount")));

    private RbacColumns() {}

    private static String subjects(ObjectNode binding, String kind) {
        return objects(binding.path("subjects")).stream()
                .filter(subject -> text(subject, "kind").equals(kind))
                .map(subject ->
                        kind.equals("ServiceAccount")
                                ? text(subject, "namespace") + "/" + text(subject, "name")
                                : text(subject, "name"))
                .collect(Collectors.joining(", "));
    }
}
