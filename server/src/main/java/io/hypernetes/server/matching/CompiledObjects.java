package io.hypernetes.server.matching;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.server.registry.Extent;
import io.hypernetes.server.registry.ObjectFilter;
import io.hypernetes.server.registry.Reads;
import io.hypernetes.server.registry.Served;

import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Function;

/**
 * What is made of the objects of a type, each once per change: the cache hands out one {@link
 * Served} per state of an object, and what was made of it goes with it. A world without such
 * objects costs the look-up of an empty range.
 */
public final class CompiledObjects<T> {
    private final ResourceType type;
    private final Reads reads;
    private final Function<ObjectNode, T> compiler;

    /** Guarded by itself. Weak by identity: {@code Served} does not define equality. */
    private final Map<Served, T> compiled = new WeakHashMap<>();

    /**
     * @param compiler must not fail; it must not keep the tree's owner
     */
    public CompiledObjects(ResourceType type, Reads reads, Function<ObjectNode, T> compiler) {
        this.type = type;
        this.reads = reads;
        this.compiler = compiler;
    }

    /** Of one world, in the order of the names. */
    public List<T> of(Tenant tenant) {
        List<Served> objects =
                reads.listCurrent(
                        new Extent(type, Optional.of(tenant), "", ObjectFilter.EVERYTHING));
        if (objects.isEmpty()) {
            return List.of();
        }
        List<T> all = new ArrayList<>(objects.size());
        for (Served object : objects) {
            all.add(of(object));
        }
        return all;
    }

    public Optional<T> find(Tenant tenant, String name) {
        return reads.find(type, tenant, "", name).map(this::of);
    }

    private T of(Served object) {
        synchronized (compiled) {
            T known = compiled.get(object);
            if (known != null) {
                return known;
            }
        }
        // Not under the lock: compiling takes milliseconds. Two at once make the same.
        T made = compiler.apply(object.copy());
        synchronized (compiled) {
            compiled.put(object, made);
        }
        return made;
    }
}
