package io.hypernetes.api.types;

import io.hypernetes.api.Column;
import io.hypernetes.api.Conversion;
import io.hypernetes.api.GroupVersionKind;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

/** Between the two faces of an event: {@code v1} and {@code events.k8s.io/v1} name fields apart. */
final class EventConversion implements Conversion {
    private static final Map<String, String> NEW_NAMES =
            Map.of(
                    "involvedObject", "regarding",
                    "message", "note",
                    "source", "deprecatedSource",
                    "firstTimestamp", "deprecatedFirstTimestamp",
                    "lastTimestamp", "deprecatedLastTimestamp",
                    "count", "deprecatedCount",
                    "reportingComponent", "reportingController");

    @Override
    public List<ObjectNode> convert(List<ObjectNode> objects, GroupVersionKind wanted) {
        boolean core = wanted.group().isEmpty();
        for (ObjectNode object : objects) {
            if (!object.path("apiVersion").asString("").equals(wanted.apiVersion())) {
                NEW_NAMES.forEach((inCore, inEvents) ->
                        rename(object, core ? inEvents : inCore, core ? inCore : inEvents));
                object.put("apiVersion", wanted.apiVersion());
            }
        }
        return objects;
    }

    /** The core group's columns for events of the newer group. */
    static List<Column> columns(List<Column> core) {
        GroupVersionKind wanted = new GroupVersionKind("", "v1", "Event");
        EventConversion conversion = new EventConversion();
        return core.stream()
                .map(column ->
                        new Column(
                                column.name(),
                                column.type(),
                                column.format(),
                                column.description(),
                                column.priority(),
                                event ->
                                        column.cell()
                                                .apply(
                                                        conversion
                                                                .convert(
                                                                        List.of(event.deepCopy()),
                                                                        wanted)
                                                                .getFirst())))
                .toList();
    }

    private static void rename(ObjectNode object, String from, String to) {
        JsonNode value = object.remove(from);
        if (value != null) {
            object.set(to, value);
        }
    }
}
