package io.hypernetes.api.types.apps;

import io.hypernetes.api.Column;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Metadata.OwnerReference;
import io.hypernetes.api.types.core.PodTemplates;
import io.hypernetes.api.types.kind.Columns;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.Stream;

/** What {@code kubectl get} shows of workloads. */
public final class AppsColumns {

    public static final List<Column> DEPLOYMENT =
            withTemplate(
                    List.of(
                            Column.of("Ready", o -> ready(o)),
                            number("Up-to-date", "status", "updatedReplicas"),
                            number("Available", "status", "availableReplicas"),
                            Columns.age()),
                    true);

    public static final List<Column> REPLICA_SET =
            withTemplate(
                    List.of(
                            count("Desired", "spec", "replicas"),
                            count("Current", "status", "replicas"),
                            count("Ready", "status", "readyReplicas"),
                            Columns.age()),
                    true);

    public static final List<Column> STATEFUL_SET =
            withTemplate(List.of(Column.of("Ready", o -> ready(o)), Columns.age()), false);

    public static final List<Column> DAEMON_SET =
            withTemplate(
                    List.of(
                            count("Desired", "status", "desiredNumberScheduled"),
                            count("Current", "status", "currentNumberScheduled"),
                            count("Ready", "status", "numberReady"),
                            count("Up-to-date", "status", "updatedNumberScheduled"),
                            count("Available", "status", "numberAvailable"),
                            Column.of(
                                    "Node Selector",
                                    o ->
                                            PodTemplates.labels(
                                                    Trees.at(
                                                            o,
                                                            "spec",
                                                            "template",
                                                            "spec",
                                                            "nodeSelector"))),
                            Columns.age()),
                    true);

    public static final List<Column> CONTROLLER_REVISION =
            List.of(
                    Column.of("Controller", AppsColumns::controller),
                    number("Revision", "revision"),
                    Columns.age());

    private AppsColumns() {}

    private static List<Column> withTemplate(List<Column> own, boolean withSelector) {
        Stream<Column> columns =
                Stream.concat(own.stream(), PodTemplates.columns("spec", "template").stream());
        return withSelector
                ? Stream.concat(columns, Stream.of(PodTemplates.selectorColumn("spec", "selector")))
                        .toList()
                : columns.toList();
    }

    private static Column count(String name, String... path) {
        return Columns.integer(name, o -> Trees.at(o, path).asLong(0));
    }

    private static Column number(String name, String... path) {
        return Columns.number(name, o -> Trees.at(o, path).asLong(0));
    }

    private static String ready(ObjectNode workload) {
        return Trees.at(workload, "status", "readyReplicas").asLong(0)
                + "/"
                + Trees.at(workload, "spec", "replicas").asLong(0);
    }

    private static String controller(ObjectNode revision) {
        return Metadata.ownerReferences(revision).stream()
                .filter(OwnerReference::controller)
                .findFirst()
                .map(owner -> resource(owner) + "/" + owner.name())
                .orElse("<none>");
    }

    /** {@code daemonset.apps}. */
    private static String resource(OwnerReference owner) {
        String version = owner.apiVersion();
        String kind = owner.kind().toLowerCase(java.util.Locale.ROOT);
        return version.contains("/")
                ? kind + "." + version.substring(0, version.indexOf('/'))
                : kind;
    }
}
