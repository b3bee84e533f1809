package io.hypernetes.api.types.storage;

import static io.hypernetes.api.types.kind.Trees.at;
import static io.hypernetes.api.types.kind.Trees.objects;
import static io.hypernetes.api.types.kind.Trees.text;
import static io.hypernetes.api.types.kind.Trees.texts;

import io.hypernetes.api.Column;
import io.hypernetes.api.types.kind.Columns;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.stream.Collectors;

/** What {@code kubectl get} shows of the kinds of storage.k8s.io beside storage classes. */
public final class StorageKindColumns {

    public static final List<Column> VOLUME_ATTACHMENT =
            List.of(
                    new Column(
                            "Attacher", "string", "name", "", 0, o -> text(o, "spec", "attacher")),
                    Columns.text("PV", "spec", "source", "persistentVolumeName"),
                    Columns.text("Node", "spec", "nodeName"),
                    flag("Attached", "status", "attached"),
                    Columns.age());

    public static final List<Column> CSI_DRIVER =
            List.of(
                    flag("AttachRequired", "spec", "attachRequired"),
                    flag("PodInfoOnMount", "spec", "podInfoOnMount"),
                    flag("StorageCapacity", "spec", "storageCapacity"),
                    Column.of("TokenRequests", StorageKindColumns::tokenRequests),
                    flag("RequiresRepublish", "spec", "requiresRepublish"),
                    Column.of(
                            "Modes",
                            driver ->
                                    Columns.orNone(
                                            String.join(
                                                    ",",
                                                    texts(
                                                            at(
                                                                    driver,
                                                                    "spec",
                                                                    "volumeLifecycleModes"))))),
                    Columns.age());

    public static final List<Column> CSI_NODE =
            List.of(
                    Columns.integer("Drivers", node -> Columns.size(at(node, "spec", "drivers"))),
                    Columns.age());

    public static final List<Column> CSI_STORAGE_CAPACITY = List.of(Columns.created());

    public static final List<Column> VOLUME_ATTRIBUTES_CLASS =
            List.of(Columns.text("DriverName", "driverName"), Columns.age());

    private StorageKindColumns() {}

    private static Column flag(String name, String... path) {
        return new Column(name, "boolean", "", "", 0, object -> at(object, path).asBoolean(false));
    }

    private static String tokenRequests(ObjectNode driver) {
        String audiences =
                objects(at(driver, "spec", "tokenRequests")).stream()
                        .map(request -> text(request, "audience"))
                        .collect(Collectors.joining(","));
        return audiences.isEmpty() ? "<unset>" : audiences;
    }
}
