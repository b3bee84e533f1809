package io.hypernetes.api.json;

import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Parser events to trees. Aliases are copied; how much they may add is bounded. */
final class YamlReader {

    /** Bytes of JSON that aliases may stand for in one stream. */
    private static final int MAX_ALIASED = 1 << 20;

    private static final int MAX_CODE_POINTS = 3 << 20;
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final Iterator<Event> events;
    private final Map<String, JsonNode> anchors = new HashMap<>();
    private long aliased;

    YamlReader(String text) {
        LoadSettings settings = LoadSettings.builder().setCodePointLimit(MAX_CODE_POINTS).build();
        events = new Parse(settings).parseString(text).iterator();
    }

    /** Steps to the next document. */
    boolean hasDocument() {
        while (events.hasNext()) {
            if (events.next().getEventId() == Event.ID.DocumentStart) {
                return true;
            }
        }
        return false;
    }

    JsonNode document(List<String> duplicates) throws JsonSyntaxException {
        anchors.clear();
        return value(events.next(), new DuplicateFields(duplicates), 0);
    }

    private JsonNode value(Event event, DuplicateFields duplicates, int depth)
            throws JsonSyntaxException {
        if (depth > Json.MAX_DEPTH) {
            throw new JsonSyntaxException("exceeded max depth");
        }
        if (event instanceof AliasEvent alias) {
            return alias(alias);
        }
        JsonNode value =
                switch (event.getEventId()) {
                    case Scalar -> scalar((ScalarEvent) event);
                    case MappingStart -> mapping(duplicates, depth);
                    case SequenceStart -> sequence(duplicates, depth);
                    default -> throw new JsonSyntaxException("unexpected " + event.getEventId());
                };
        if (event instanceof NodeEvent node && node.getAnchor().isPresent()) {
            anchors.put(node.getAnchor().get().getValue(), value);
        }
        return value;
    }

    private JsonNode alias(AliasEvent alias) throws JsonSyntaxException {
        String name = alias.getAlias().getValue();
        @Nullable JsonNode value = anchors.get(name);
        if (value == null) {
            throw new JsonSyntaxException("unknown anchor '" + name + "' referenced");
        }
        aliased += Json.write(value).length;
        if (aliased > MAX_ALIASED) {
            throw new JsonSyntaxException("document contains excessive aliasing");
        }
        return value.deepCopy();
    }

    private static JsonNode scalar(ScalarEvent scalar) {
        boolean text =
                !scalar.isPlain()
                        || scalar.getTag()
                                .filter(t -> t.equals("tag:yaml.org,2002:str"))
                                .isPresent();
        return text ? NODES.stringNode(scalar.getValue()) : YamlScalars.resolve(scalar.getValue());
    }

    private ArrayNode sequence(DuplicateFields duplicates, int depth) throws JsonSyntaxException {
        ArrayNode array = NODES.arrayNode();
        for (Event item = events.next();
                item.getEventId() != Event.ID.SequenceEnd;
                item = events.next()) {
            duplicates.enter(array.size());
            array.add(value(item, duplicates, depth + 1));
            duplicates.leave();
        }
        return array;
    }

    private ObjectNode mapping(DuplicateFields duplicates, int depth) throws JsonSyntaxException {
        ObjectNode object = NODES.objectNode();
        ObjectNode merged = NODES.objectNode();
        for (Event key = events.next();
                key.getEventId() != Event.ID.MappingEnd;
                key = events.next()) {
            JsonNode name = value(key, duplicates, depth + 1);
            if (name.isContainer()) {
                throw new JsonSyntaxException("invalid map key: " + Json.text(name));
            }
            String field = name.isNull() ? "null" : name.asString();
            duplicates.enter(field);
            JsonNode value = value(events.next(), duplicates, depth + 1);
            boolean merge = key instanceof ScalarEvent s && s.isPlain() && field.equals("<<");
            if (merge) {
                merge(value, merged);
            } else if (object.replace(field, value) != null) {
                duplicates.report(alreadySet(key, field));
            }
            duplicates.leave();
        }
        merged.properties().forEach(e -> object.putIfAbsent(e.getKey(), e.getValue()));
        return object;
    }

    /** As Go's YAML library tells it, whose lines begin with 1. */
    private static String alreadySet(Event key, String field) {
        int line = key.getStartMark().map(mark -> mark.getLine() + 1).orElse(0);
        return "line " + line + ": key \"" + field + "\" already set in map";
    }

    /** The merge key of YAML 1.1: what comes first in a list of maps wins. */
    private static void merge(JsonNode value, ObjectNode into) throws JsonSyntaxException {
        switch (value) {
            case ObjectNode map ->
                    map.properties().forEach(e -> into.putIfAbsent(e.getKey(), e.getValue()));
            case ArrayNode maps -> {
                for (JsonNode map : maps) {
                    merge(map, into);
                }
            }
            default ->
                    throw new JsonSyntaxException(
                            "map merge requires map or sequence of maps as the value");
        }
    }
}
