package io.hypernetes.api.types.core;

import static io.hypernetes.api.types.kind.Trees.at;
import static io.hypernetes.api.types.kind.Trees.text;

import io.hypernetes.api.Column;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.kind.Columns;
import io.hypernetes.api.types.kind.Trees;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What {@code kubectl get} shows of claims and volumes. */
public final class StorageColumns {

    private static final List<Map.Entry<String, String>> SHORT_MODES =
            List.of(
                    Map.entry("ReadWriteOnce", "RWO"),
                    Map.entry("ReadOnlyMany", "ROX"),
                    Map.entry("ReadWriteMany", "RWX"),
                    Map.entry("ReadWriteOncePod", "RWOP"));

    public static final List<Column> CLAIM =
            List.of(
                    Column.of("Status", StorageColumns::phase),
                    Columns.text("Volume", "spec", "volumeName"),
                    Column.of("Capacity", claim -> bound(claim, capacity(claim))),
                    Column.of(
                            "Access Modes",
                            claim -> bound(claim, modes(at(claim, "status", "accessModes")))),
                    Column.of("StorageClass", StorageColumns::storageClass),
                    Column.of("VolumeAttributesClass", StorageColumns::attributesClass),
                    Columns.age(),
                    volumeMode());

    public static final List<Column> VOLUME =
            List.of(
                    Column.of("Capacity", volume -> amount(volume, "spec", "capacity", "storage")),
                    Column.of("Access Modes", volume -> modes(at(volume, "spec", "accessModes"))),
                    Columns.text("Reclaim Policy", "spec", "persistentVolumeReclaimPolicy"),
                    Column.of("Status", StorageColumns::phase),
                    Column.of("Claim", StorageColumns::claim),
                    Column.of("StorageClass", StorageColumns::storageClass),
                    Column.of("VolumeAttributesClass", StorageColumns::attributesClass),
                    Columns.text("Reason", "status", "reason"),
                    Columns.age(),
                    volumeMode());

    private StorageColumns() {}

    private static Column volumeMode() {
        return Column.wide(
                "VolumeMode",
                o -> {
                    String mode = text(o, "spec", "volumeMode");
                    return mode.isEmpty() ? "<unset>" : mode;
                });
    }

    private static String phase(ObjectNode object) {
        return Metadata.isBeingDeleted(object) ? "Terminating" : text(object, "status", "phase");
    }

    /** A claim has capacity and modes only once it has a volume. */
    private static String bound(ObjectNode claim, String value) {
        return text(claim, "spec", "volumeName").isEmpty() ? "" : value;
    }

    private static String capacity(ObjectNode claim) {
        return amount(claim, "status", "capacity", "storage");
    }

    private static String amount(ObjectNode object, String... path) {
        String amount = text(object, path);
        return amount.isEmpty() ? "0" : amount;
    }

    /** By the annotation that was there before the field. */
    private static String storageClass(ObjectNode object) {
        String annotated = Metadata.annotation(object, "volume.beta.kubernetes.io/storage-class");
        return annotated.isEmpty() ? text(object, "spec", "storageClassName") : annotated;
    }

    private static String attributesClass(ObjectNode object) {
        String name = text(object, "spec", "volumeAttributesClassName");
        return name.isEmpty() ? "<unset>" : name;
    }

    private static String claim(ObjectNode volume) {
        String name = text(volume, "spec", "claimRef", "name");
        return name.isEmpty() ? "" : text(volume, "spec", "claimRef", "namespace") + "/" + name;
    }

    /** In this order, whatever the object's is. */
    private static String modes(JsonNode modes) {
        List<String> given = Trees.texts(modes);
        return SHORT_MODES.stream()
                .filter(mode -> given.contains(mode.getKey()))
                .map(Map.Entry::getValue)
                .collect(Collectors.joining(","));
    }
}
