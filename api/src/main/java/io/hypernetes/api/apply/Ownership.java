package io.hypernetes.api.apply;

import io.hypernetes.api.apply.ManagedFields.Entry;
import io.hypernetes.api.schema.Schema;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The table of an object while it changes. Comparisons are made once per API version that a manager
 * wrote in; nearly always that is one.
 */
final class Ownership {

    private final FieldManager kind;
    private final ManagedFields managed;

    Ownership(FieldManager kind, ManagedFields managed) {
        this.kind = kind;
        this.managed = managed;
    }

    /** Forgets managers of versions that are no more. */
    void fitToSchema() {
        for (Manager manager : managed.managers()) {
            Entry entry = managed.get(manager);
            if (entry == null) {
                continue;
            }
            Optional<Schema.Struct> schema = kind.schema(entry.apiVersion());
            if (schema.isEmpty()) {
                managed.remove(manager);
                continue;
            }
            FieldSet fitted = SchemaChanges.fit(schema.get(), entry.fields());
            if (fitted != entry.fields()) {
                managed.put(manager, entry.with(fitted));
            }
        }
    }

    /** After an update: what changed or went is nobody's any longer. Tells what changed. */
    Comparison takeFromOthers(JsonNode live, JsonNode object) {
        Changes changes = new Changes(live, object);
        for (Manager manager : managed.managers()) {
            Entry entry = managed.get(manager);
            Comparison comparison = entry == null ? null : changes.in(entry.apiVersion());
            if (entry != null && comparison != null && !comparison.isEmpty()) {
                managed.put(
                        manager,
                        entry.with(
                                entry.fields()
                                        .difference(comparison.changed())
                                        .difference(comparison.removed())));
            }
        }
        return changes.own();
    }

    /**
     * After an apply: what of others' fields changed.
     *
     * @param self the applier; its entry is left alone
     */
    Conflicts conflicts(Manager self, JsonNode live, JsonNode object) {
        Changes changes = new Changes(live, object);
        TreeMap<Manager, FieldSet> conflicts = new TreeMap<>();
        managed.entries()
                .forEach((manager, entry) -> {
                    Comparison comparison = changes.in(entry.apiVersion());
                    if (!manager.equals(self) && comparison != null) {
                        FieldSet both = entry.fields().intersection(comparison.changed());
                        if (!both.isEmpty()) {
                            conflicts.put(manager, both);
                        }
                    }
                });
        return new Conflicts(conflicts);
    }

    /** Takes the conflicting fields, and those that are gone, from all but the applier. */
    void resolve(Manager self, Conflicts conflicts, JsonNode live, JsonNode object) {
        Changes changes = new Changes(live, object);
        for (Manager manager : managed.managers()) {
            Entry entry = managed.get(manager);
            if (entry == null || manager.equals(self)) {
                continue;
            }
            Comparison comparison = changes.in(entry.apiVersion());
            FieldSet fields =
                    entry.fields()
                            .difference(
                                    conflicts.byManager().getOrDefault(manager, FieldSet.EMPTY));
            managed.put(
                    manager,
                    entry.with(
                            comparison == null ? fields : fields.difference(comparison.removed())));
        }
    }

    /** What became of the object, in each version that is asked for. */
    private final class Changes {

        private final JsonNode before;
        private final JsonNode after;
        private final Comparison own;
        private final Map<String, Optional<Comparison>> others = new HashMap<>();

        Changes(JsonNode before, JsonNode after) {
            this.before = before;
            this.after = after;
            this.own = Comparison.of(kind.schema(), before, after).filtered(kind.filter());
        }

        Comparison own() {
            return own;
        }

        /** Null when there is no such version. */
        @Nullable Comparison in(String apiVersion) {
            return apiVersion.equals(kind.version())
                    ? own
                    : others.computeIfAbsent(apiVersion, this::compare).orElse(null);
        }

        private Optional<Comparison> compare(String apiVersion) {
            return kind.in(apiVersion, before)
                    .flatMap(old ->
                            kind.in(apiVersion, after)
                                    .map(now ->
                                            Comparison.of(old.schema(), old.object(), now.object())
                                                    .filtered(kind.filter())));
        }
    }
}
