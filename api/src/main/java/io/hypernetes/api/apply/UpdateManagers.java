package io.hypernetes.api.apply;

import io.hypernetes.api.apply.ManagedFields.Entry;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Bounds the table of an object that ever new managers update, such as one per host name. */
final class UpdateManagers {

    private static final int MOST = 10;
    private static final String BUCKET = "ancient-changes";

    private UpdateManagers() {}

    /** Joins the oldest entries of each version until no more than ten are left. */
    static void cap(ManagedFields managed) {
        if (managed.entries().size() <= MOST) {
            return;
        }
        List<Manager> updaters =
                managed.managers().stream()
                        .filter(manager -> !manager.applies())
                        .sorted(
                                Comparator.<Manager, java.time.Instant>comparing(manager ->
                                                ManagedFields.instant(time(managed, manager)))
                                        .thenComparing(Comparator.naturalOrder()))
                        .toList();
        int left = updaters.size();
        Map<String, Manager> firstOfVersion = new HashMap<>();
        for (Manager manager : updaters) {
            if (left <= MOST) {
                return;
            }
            Entry entry = managed.get(manager);
            if (entry == null) {
                continue;
            }
            Manager first = firstOfVersion.putIfAbsent(entry.apiVersion(), manager);
            if (first == null) {
                continue;
            }
            Manager bucket = Manager.updater(BUCKET, entry.apiVersion(), "");
            Entry kept = managed.get(bucket);
            if (kept == null) {
                kept = managed.get(first);
                managed.remove(first);
            }
            FieldSet fields = kept == null ? entry.fields() : kept.fields().union(entry.fields());
            managed.remove(manager);
            managed.put(bucket, new Entry(entry.apiVersion(), fields, entry.time()));
            left--;
        }
    }

    private static String time(ManagedFields managed, Manager manager) {
        Entry entry = managed.get(manager);
        return entry == null ? "" : entry.time();
    }
}
