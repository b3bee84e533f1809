package io.hypernetes.api.custom;

import io.hypernetes.api.Column;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.types.kind.Columns;

import java.util.List;

/** {@code kubectl get crd}. */
public final class DefinitionColumns {

    public static final List<Column> ALL =
            List.of(
                    Columns.name(),
                    new Column("Created At", "date", "", "", 0, Metadata::creationTimestamp));

    private DefinitionColumns() {}
}
