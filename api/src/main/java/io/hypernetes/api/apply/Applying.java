package io.hypernetes.api.apply;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.apply.ManagedFields.Entry;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** One server-side apply: merge, take out what the applier no longer wants, settle ownership. */
final class Applying {

    private final FieldManager kind;
    private final ObjectNode live;
    private final ObjectNode config;
    private final String name;

    /**
     * @param live carries its table
     */
    Applying(FieldManager kind, ObjectNode live, ObjectNode config, String name) {
        this.kind = kind;
        this.live = live;
        this.config = config;
        this.name = name;
    }

    /** Takes what others own. */
    ObjectNode forced() {
        return LastApplied.refresh(name, apply(true), config);
    }

    /** Throws Conflict where others own what would change. */
    ObjectNode orConflicts() {
        return LastApplied.refresh(name, apply(false), config);
    }

    private ObjectNode apply(boolean force) {
        ManagedFields managed = ManagedFields.ofOrNone(live);
        Ownership ownership = new Ownership(kind, managed);
        ownership.fitToSchema();
        ObjectNode before = live.deepCopy();
        Metadata.ensureMetadata(before).remove("managedFields");

        Manager self = Manager.applier(name, kind.subresource());
        Entry last = managed.get(self);
        FieldSet wanted = kind.filter().of(Leaves.of(kind.schema(), config));
        String time = last == null ? "" : last.time();
        managed.put(self, new Entry(kind.version(), wanted, time));

        JsonNode merged = Merge.of(kind.schema(), before, config);
        if (last != null) {
            merged = new Pruning(kind, managed, self).pruned(merged, last);
        }
        Conflicts conflicts = ownership.conflicts(self, before, merged);
        if (!force && !conflicts.isEmpty()) {
            Conflicts left = conflicts.without(LastApplied.allowed(kind, name, before, conflicts));
            if (!left.isEmpty()) {
                throw left.refusal();
            }
        }
        ownership.resolve(self, conflicts, before, merged);
        boolean same = Json.same(before, merged);
        FieldSet owned = FieldManager.managed(wanted);
        managed.put(self, new Entry(kind.version(), owned, same ? time : FieldManager.time()));
        ObjectNode result = (ObjectNode) merged;
        managed.writeTo(result);
        return result;
    }
}
