package io.hypernetes.api.types;

import io.hypernetes.api.Column;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Scope;
import io.hypernetes.api.Strategy;

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
        return new Row(
                new ResourceType(
                        new GroupResource(group, plural),
                        version,
                        kind,
                        kind.toLowerCase(Locale.ROOT),
                        List.of(),
                        List.of(),
                        scope,
                        Set.of(),
                        "",
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

    /** The last step: the definition in the schema data, and the kind's own code. */
    ResourceType as(String schema, Strategy strategy) {
        return new ResourceType(
                type.id(),
                type.version(),
                type.kind(),
                type.singular(),
                type.shortNames(),
                type.categories(),
                type.scope(),
                type.subresources(),
                schema,
                type.columns(),
                strategy);
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
                        columns,
                        type.strategy()));
    }
}
