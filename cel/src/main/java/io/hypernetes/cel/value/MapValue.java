package io.hypernetes.cel.value;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/** A CEL map, or an object with fields. */
public interface MapValue {
    int size();

    /** Null when there is no such key. */
    @Nullable Object find(Object key);

    /** In no particular order, except that it is always the same. */
    Iterable<?> keys();

    /** What {@code type(x)} gives. */
    default String typeName() {
        return "map";
    }

    /**
     * @param entries not copied; keys are normalized ({@link Comparisons#key}); nobody may change
     *     it
     */
    static MapValue of(Map<Object, Object> entries) {
        return new MapValue() {
            @Override
            public int size() {
                return entries.size();
            }

            @Override
            public @Nullable Object find(Object key) {
                return entries.get(Comparisons.key(key));
            }

            @Override
            public Iterable<?> keys() {
                return entries.keySet();
            }
        };
    }
}
