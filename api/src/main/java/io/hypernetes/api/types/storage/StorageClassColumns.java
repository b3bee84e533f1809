package io.hypernetes.api.types.storage;

import io.hypernetes.api.Column;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.kind.Columns;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;

/** What {@code kubectl get} shows of storage classes. */
public final class StorageClassColumns {

    public static final List<Column> ALL =
            List.of(
                    new Column("Name", "string", "name", "", 0, StorageClassColumns::className),
                    Columns.text("Provisioner", "provisioner"),
                    Columns.text("ReclaimPolicy", "reclaimPolicy"),
                    Columns.text("VolumeBindingMode", "volumeBindingMode"),
                    new Column(
                            "AllowVolumeExpansion",
                            "string",
                            "",
                            "",
                            0,
                            o -> o.path("allowVolumeExpansion").asBoolean(false)),
                    Columns.age());

    private StorageClassColumns() {}

    private static String className(ObjectNode storageClass) {
        String isDefault =
                Metadata.annotation(storageClass, "storageclass.kubernetes.io/is-default-class");
        return Metadata.name(storageClass) + (isDefault.equals("true") ? " (default)" : "");
    }
}
