package io.hypernetes.api.apply;

import io.hypernetes.api.apply.FieldManager.Versioned;
import io.hypernetes.api.apply.ManagedFields.Entry;
import io.hypernetes.api.schema.Schema;

import tools.jackson.databind.JsonNode;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Takes out what an applier set the last time and no longer sets, unless somebody else owns it.
 *
 * @param managed already with the applier's new fields
 */
record Pruning(FieldManager kind, ManagedFields managed, Manager self) {

    /**
     * @param merged live object and new configuration
     * @param last what the applier owned until now
     */
    JsonNode pruned(JsonNode merged, Entry last) {
        Entry now = managed.get(self);
        boolean keepsAll =
                now != null
                        && last.apiVersion().equals(now.apiVersion())
                        && last.fields().difference(now.fields()).isEmpty();
        if (keepsAll) {
            return merged;
        }
        Optional<Versioned> start = kind.in(last.apiVersion(), merged);
        if (start.isEmpty()) {
            return merged; // its version is no more: nobody knows what its fields were
        }
        Schema schema = start.get().schema();
        JsonNode whole = start.get().object();
        FieldSet dropped = Removal.withNamedFields(schema, last.fields());
        JsonNode kept = withOwned(whole, Removal.of(schema, whole, dropped), last.apiVersion());
        // Of what went, only that goes which was the applier's: the rest is nobody's, or updaters'.
        FieldSet gone = named(schema, whole).difference(named(schema, kept)).intersection(dropped);
        JsonNode result = Removal.of(schema, whole, gone);
        return kind.in(kind.version(), result).map(Versioned::object).orElse(result);
    }

    /** Puts back what somebody owns, version by version, that of the last configuration first. */
    private JsonNode withOwned(JsonNode whole, JsonNode rest, String lastVersion) {
        TreeMap<String, FieldSet> owned = new TreeMap<>();
        managed.entries()
                .forEach((manager, entry) ->
                        owned.merge(entry.apiVersion(), entry.fields(), FieldSet::union));
        JsonNode kept = rest;
        if (owned.containsKey(lastVersion)) {
            kept = withOwned(whole, kept, lastVersion, owned.remove(lastVersion));
        }
        for (Map.Entry<String, FieldSet> entry : owned.entrySet()) {
            kept = withOwned(whole, kept, entry.getKey(), entry.getValue());
        }
        return kind.in(lastVersion, kept).map(Versioned::object).orElse(kept);
    }

    private JsonNode withOwned(JsonNode whole, JsonNode rest, String version, FieldSet owned) {
        Optional<Versioned> wholeThere = kind.in(version, whole);
        Optional<Versioned> restThere = kind.in(version, rest);
        if (wholeThere.isEmpty() || restThere.isEmpty()) {
            return rest;
        }
        Schema schema = wholeThere.get().schema();
        FieldSet all = named(schema, wholeThere.get().object());
        FieldSet kept =
                named(schema, restThere.get().object())
                        .union(Removal.withNamedFields(schema, owned));
        return Removal.of(schema, wholeThere.get().object(), all.difference(kept));
    }

    private static FieldSet named(Schema schema, JsonNode object) {
        return Removal.withNamedFields(schema, Leaves.of(schema, object));
    }
}
