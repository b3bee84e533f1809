package io.hypernetes.server.registry;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.Renewal;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.types.ResourceTypes;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Between the version that a request is about and the one that is stored. */
final class Versions {
    private static final byte[] FIRST_FIELD = "{\"apiVersion\":\"".getBytes(StandardCharsets.UTF_8);

    private Versions() {}

    /**
     * What is stored, as clients of {@code type} get it; the same object where that is the same.
     */
    static Served serve(ResourceType type, Served stored) {
        Served renewed = stored.renewed(type.storage().renewal());
        return type.storage().converts() ? convert(type, List.of(renewed)).getFirst() : renewed;
    }

    /** The same for a list: a webhook is asked once for all. */
    static List<Served> serve(ResourceType type, List<Served> stored) {
        Renewal renewal = type.storage().renewal();
        List<Served> renewed =
                renewal == Renewal.NONE
                        ? stored
                        : stored.stream().map(object -> object.renewed(renewal)).toList();
        return type.storage().converts() ? convert(type, renewed) : renewed;
    }

    private static List<Served> convert(ResourceType type, List<Served> stored) {
        List<ObjectNode> foreign = new ArrayList<>();
        for (Served object : stored) {
            if (!isOf(type.apiVersion(), object)) {
                foreign.add(object.copy());
            }
        }
        if (foreign.isEmpty()) {
            return stored;
        }
        List<ObjectNode> converted =
                type.storage().conversion().convert(foreign, type.groupVersionKind());
        converted.forEach(object -> asGoWrites(type, object));
        List<Served> served = new ArrayList<>(stored.size());
        int next = 0;
        for (Served object : stored) {
            served.add(isOf(type.apiVersion(), object) ? object : object.as(converted.get(next++)));
        }
        return served;
    }

    /**
     * The object in the version that is stored; the caller's own tree where that is the same. It
     * has its nulls then.
     */
    static ObjectNode toStore(ResourceType type, ObjectNode object) {
        if (type.isStored()) {
            type.schema().addNulls(object);
            return object;
        }
        ObjectNode copy = object.deepCopy();
        ObjectNode stored =
                type.storage()
                        .conversion()
                        .convert(List.of(copy), type.storage().kind())
                        .getFirst();
        Metadata.ensureMetadata(stored);
        ResourceTypes.BUILTIN
                .find(type.storage().kind())
                .ifPresent(storedType -> asGoWrites(storedType, stored));
        return stored;
    }

    /** What is zero in one version is left out, and what is left out written, in another. */
    private static void asGoWrites(ResourceType type, ObjectNode object) {
        type.schema().dropNulls(object);
        type.schema().addNulls(object);
    }

    /** A copy as the write path has it: without the nulls that are only shown. */
    static ObjectNode copy(ResourceType type, Served current) {
        ObjectNode copy = current.copy();
        if (current.mayHaveNulls()) {
            type.schema().dropNulls(copy);
        }
        return copy;
    }

    /** Whether an object is kept as it would be written today. */
    static boolean isCurrent(ResourceType type, Served object) {
        Served stored = object.stored();
        return stored.renewed(type.storage().renewal()) == stored
                && (!type.storage().converts() || isOf(type.storage().kind().apiVersion(), stored));
    }

    /** The canonical order puts the version first, so nothing is parsed. */
    private static boolean isOf(String apiVersion, Served object) {
        byte[] version = apiVersion.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = object.bytes();
        int end = FIRST_FIELD.length + version.length;
        return bytes.length > end
                && bytes[end] == '"'
                && Arrays.equals(bytes, FIRST_FIELD.length, end, version, 0, version.length);
    }
}
