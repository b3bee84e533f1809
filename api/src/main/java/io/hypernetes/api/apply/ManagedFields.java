package io.hypernetes.api.apply;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table in an object's {@code metadata.managedFields}: who owns what, and since when. */
final class ManagedFields {

    /**
     * @param apiVersion in which the fields are named
     * @param time RFC 3339, empty when unknown
     */
    record Entry(String apiVersion, FieldSet fields, String time) {
        Entry with(FieldSet other) {
            return new Entry(apiVersion, other, time);
        }
    }

    private static final Comparator<Map.Entry<Manager, Entry>> WRITTEN =
            Comparator.<Map.Entry<Manager, Entry>, Manager.Operation>comparing(
                            e -> e.getKey().operation())
                    .thenComparing(e -> instant(e.getValue().time))
                    .thenComparing(e -> e.getKey().name())
                    .thenComparing(e -> e.getValue().apiVersion)
                    .thenComparing(e -> e.getKey().subresource());

    private final TreeMap<Manager, Entry> entries = new TreeMap<>();

    Map<Manager, Entry> entries() {
        return Collections.unmodifiableMap(entries);
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    @Nullable Entry get(Manager manager) {
        return entries.get(manager);
    }

    /** An entry that owns nothing is no entry. */
    void put(Manager manager, Entry entry) {
        if (entry.fields.isEmpty()) {
            entries.remove(manager);
        } else {
            entries.put(manager, entry);
        }
    }

    void remove(Manager manager) {
        entries.remove(manager);
    }

    List<Manager> managers() {
        return new ArrayList<>(entries.keySet());
    }

    /** What an object carries; a table that cannot be read counts as none. */
    static ManagedFields ofOrNone(JsonNode object) {
        try {
            return of(object.path("metadata").path("managedFields"));
        } catch (IllegalArgumentException e) {
            return new ManagedFields();
        }
    }

    /**
     * @throws IllegalArgumentException when it is malformed, in upstream's words
     */
    static ManagedFields of(JsonNode list) {
        ManagedFields managed = new ManagedFields();
        int index = 0;
        for (JsonNode entry : list) {
            managed.read(entry, index++);
        }
        return managed;
    }

    private void read(JsonNode entry, int index) {
        Manager.Operation operation =
                switch (text(entry, "operation")) {
                    case "Apply" -> Manager.Operation.APPLY;
                    case "Update" -> Manager.Operation.UPDATE;
                    default ->
                            throw new IllegalArgumentException(
                                    "operation must be `Apply` or `Update`");
                };
        String apiVersion = text(entry, "apiVersion");
        if (apiVersion.isEmpty()) {
            throw new IllegalArgumentException("apiVersion must not be empty");
        }
        String type = text(entry, "fieldsType");
        if (!type.equals("FieldsV1")) {
            throw new IllegalArgumentException(
                    type.isEmpty()
                            ? "missing fieldsType in managed fields entry " + index
                            : "invalid fieldsType \""
                                    + type
                                    + "\" in managed fields entry "
                                    + index);
        }
        FieldSet fields;
        try {
            fields = FieldsV1.decode(entry.path("fieldsV1"));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("error decoding set: " + e.getMessage(), e);
        }
        String name = text(entry, "manager");
        String subresource = text(entry, "subresource");
        Manager manager =
                operation == Manager.Operation.APPLY
                        ? Manager.applier(name, subresource)
                        : Manager.updater(name, apiVersion, subresource);
        entries.put(manager, new Entry(apiVersion, fields, text(entry, "time")));
    }

    private static String text(JsonNode entry, String field) {
        return entry.path(field).asString("");
    }

    /** Sets {@code metadata.managedFields} in place, or removes it when nobody owns anything. */
    void writeTo(ObjectNode object) {
        ObjectNode metadata =
                object.get("metadata") instanceof ObjectNode present
                        ? present
                        : object.putObject("metadata");
        if (entries.isEmpty()) {
            metadata.remove("managedFields");
            return;
        }
        ArrayNode list = JsonNodeFactory.instance.arrayNode(entries.size());
        List<Map.Entry<Manager, Entry>> sorted = new ArrayList<>(entries.entrySet());
        if (sorted.size() > 1) {
            sorted.sort(WRITTEN);
        }
        for (Map.Entry<Manager, Entry> each : sorted) {
            list.add(written(each.getKey(), each.getValue()));
        }
        metadata.set("managedFields", list);
    }

    private static ObjectNode written(Manager manager, Entry entry) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("apiVersion", entry.apiVersion);
        node.put("fieldsType", "FieldsV1");
        node.set("fieldsV1", FieldsV1.encode(entry.fields));
        if (!manager.name().isEmpty()) {
            node.put("manager", manager.name());
        }
        node.put("operation", manager.operation().text());
        if (!manager.subresource().isEmpty()) {
            node.put("subresource", manager.subresource());
        }
        if (!entry.time.isEmpty()) {
            node.put("time", entry.time);
        }
        return node;
    }

    static Instant instant(String time) {
        if (time.isEmpty()) {
            return Instant.EPOCH;
        }
        try {
            return OffsetDateTime.parse(time).toInstant();
        } catch (DateTimeException e) {
            return Instant.EPOCH;
        }
    }
}
