package io.hypernetes.api.custom;

import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.JsonNode;

import java.lang.ref.WeakReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Compiled schemas, each once, however many worlds have a definition that says the same: the same
 * operator in a thousand worlds costs one schema. What no definition has any more goes. Safe for
 * all threads.
 */
final class SharedSchemas {
    private static final int SWEEP = 1024;

    private final ConcurrentHashMap<Key, WeakReference<CustomSchema>> known =
            new ConcurrentHashMap<>();
    private final AtomicInteger made = new AtomicInteger();

    /**
     * @param digest of all that the schema is made of
     */
    private record Key(GroupVersionKind kind, String digest, boolean keepsUnknown) {}

    CustomSchema get(
            GroupVersionKind kind,
            JsonNode schema,
            boolean keepsUnknown,
            Function<JsonNode, CustomSchema> compiler) {
        Key key = new Key(kind, schema.isMissingNode() ? "" : Json.digest(schema), keepsUnknown);
        WeakReference<CustomSchema> reference = known.get(key);
        CustomSchema shared = reference == null ? null : reference.get();
        if (shared != null) {
            return shared;
        }
        CustomSchema fresh = compiler.apply(schema);
        known.put(key, new WeakReference<>(fresh));
        if (made.incrementAndGet() % SWEEP == 0) {
            known.values().removeIf(old -> old.refersTo(null));
        }
        return fresh;
    }
}
