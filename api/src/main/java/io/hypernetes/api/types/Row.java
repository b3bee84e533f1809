package io.hypernetes.api.types;

import io.hypernetes.api.Column;
import io.hypernetes.api.Conversion;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Scope;
import io.hypernetes.api.Storage;
import io.hypernetes.api.Strategy;
import io.hypernetes.api.schema.BuiltinSchema;
import io.hypernetes.api.schema.ObjectSchema;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** A row of the table while it is written down; each method returns a new row. */
record Row(ResourceType type) {

    static Row namespaced(String group, String version, String plural, String kind) {
        return row(group, version, plural, kind, Scope.NAMESPACED);
    }

    static Row cluster(String group, String version, String plural, String kind) {
        return row(group, version, plural, kind, Scope.CLUSTER);
    }

    private static Row row(String group, String version, String plural, String kind, Scope scope) {
        GroupResource id = new GroupResource(group, plural);
        return new Row(
                new ResourceType(
                        id,
                        version,
                        kind,
                        kind.toLowerCase(Locale.ROOT),
                        List.of(),
                        List.of(),
                        scope,
                        Set.of(),
                        new BuiltinSchema(""),
                        Storage.single(id, new GroupVersionKind(group, version, kind)),
                        List.of(),
                        Strategy.PLAIN));
    }

    Row shortNames(String... names) {
        return with(List.of(names), type.categories(), type.subresources(), type.columns());
    }

    Row categories(String... names) {
        return with(type.shortNames(), List.of(names), type.subresources(), type.columns());
    }

    Row subresources(String... names) {
        return with(type.shortNames(), type.categories(), Set.of(names), type.columns());
    }

    Row columns(List<Column> columns) {
        return with(type.shortNames(), type.categories(), type.subresources(), columns);
    }

    /**
     * Another version of a resource, or the same things in another group: kept where and as {@code
     * stored} is, after which the row must stand in the table, so that the first is preferred.
     */
    Row storedAs(ResourceType stored, Conversion conversion) {
        Storage storage = stored.storage();
        return with(
                type.schema(),
                Storage.versioned(storage.location(), storage.kind(), conversion),
                type.columns(),
                type.strategy());
    }

    /**
     * An older version with the fields of the stored one: served, but never preferred or stored.
     */
    static ResourceType older(ResourceType stored, String version) {
        return new ResourceType(
                stored.id(),
                version,
                stored.kind(),
                stored.singular(),
                stored.shortNames(),
                stored.categories(),
                stored.scope(),
                stored.subresources(),
                stored.schema(),
                Storage.versioned(
                        stored.storage().location(), stored.storage().kind(), Conversion.NONE),
                stored.columns(),
                stored.strategy());
    }

    /** The last step: the definition in the schema data, and the kind's own code. */
    ResourceType as(String schema, Strategy strategy) {
        return with(new BuiltinSchema(schema), type.storage(), type.columns(), strategy).type();
    }

    private Row with(
            ObjectSchema schema, Storage storage, List<Column> columns, Strategy strategy) {
        return new Row(
                new ResourceType(
                        type.id(),
                        type.version(),
                        type.kind(),
                        type.singular(),
                        type.shortNames(),
                        type.categories(),
                        type.scope(),
                        type.subresources(),
                        schema,
                        storage,
                        columns,
                        strategy));
    }

    private Row with(
            List<String> shortNames,
            List<String> categories,
            Set<String> subresources,
            List<Column> columns) {
        return new Row(
                new ResourceType(
                        type.id(),
                        type.version(),
                        type.kind(),
                        type.singular(),
                        shortNames,
                        categories,
                        type.scope(),
                        subresources,
                        type.schema(),
                        type.storage(),
                        columns,
                        type.strategy()));
    }
}
