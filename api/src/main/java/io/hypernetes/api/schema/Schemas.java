package io.hypernetes.api.schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The definitions that the build extracted from Kubernetes, together with our own types and our
 * additions to Kubernetes' types ({@code hypernetes.json}).
 *
 * <p>Loading reads one file and splits it into lines; a definition is parsed when it is first asked
 * for, so that a start pays only for the types it serves.
 */
public final class Schemas {

    private static final JsonMapper JSON = JsonMapper.shared();

    /** The OpenAPI text of each definition, without descriptions. */
    private final Map<String, String> texts;

    private final Map<String, ObjectNode> overlays;
    private final ConcurrentHashMap<String, Schema> parsed = new ConcurrentHashMap<>();
    private final SchemaReader reader = new SchemaReader(this::resolve);

    private Schemas(Map<String, String> texts, Map<String, ObjectNode> overlays) {
        this.texts = texts;
        this.overlays = overlays;
    }

    /** Kubernetes' definitions and ours; loaded by the first call. */
    public static Schemas kubernetes() {
        return Loaded.INSTANCE;
    }

    /**
     * @param definition for instance {@code io.k8s.api.core.v1.Pod}
     */
    public Optional<Schema> find(String definition) {
        return texts.containsKey(definition) ? Optional.of(resolve(definition)) : Optional.empty();
    }

    /**
     * The schema that a resource type names.
     *
     * @throws IllegalArgumentException when there is none: the row of the type names a definition
     *     that neither Kubernetes nor {@code hypernetes.json} has
     */
    public Schema.Struct struct(String definition) {
        if (find(definition).orElse(null) instanceof Schema.Struct struct) {
            return struct;
        }
        throw new IllegalArgumentException(
                "No object definition "
                        + definition
                        + ": correct the schema of the resource type, or add the definition to"
                        + " hypernetes.json");
    }

    /**
     * Reads a schema that is none of these, for instance a custom resource's; its references are to
     * these.
     */
    public Schema.Struct read(String definition, ObjectNode openApi) {
        if (reader.read(definition, openApi) instanceof Schema.Struct struct) {
            return struct;
        }
        throw new IllegalArgumentException("the schema " + definition + " is no object's");
    }

    /** The names of all definitions, in alphabetical order. */
    public SequencedSet<String> definitions() {
        return Collections.unmodifiableSequencedSet(
                new java.util.TreeMap<>(texts).navigableKeySet());
    }

    /** The definition in OpenAPI v2, without descriptions; the caller owns the tree. */
    ObjectNode openApi(String definition) {
        String text = texts.get(definition);
        if (text == null) {
            throw new IllegalArgumentException("No definition " + definition);
        }
        ObjectNode node = (ObjectNode) JSON.readTree(text);
        ObjectNode overlay = overlays.get(definition);
        if (overlay != null) {
            overlay.forEachEntry((name, value) ->
                    node.withObjectProperty("properties").set(name, value.deepCopy()));
        }
        return node;
    }

    private Schema resolve(String definition) {
        Schema known = parsed.get(definition);
        if (known != null) {
            return known;
        }
        Schema read = reader.read(definition, openApi(definition));
        Schema raced = parsed.putIfAbsent(definition, read);
        return raced == null ? read : raced;
    }

    private static final class Loaded {
        static final Schemas INSTANCE = load();

        private static Schemas load() {
            Map<String, String> texts = new LinkedHashMap<>(SchemaData.definitions());
            JsonNode own = SchemaData.own();
            own.path("definitions")
                    .forEachEntry((name, value) -> texts.put(name, value.toString()));
            Map<String, ObjectNode> overlays = new LinkedHashMap<>();
            own.path("additions")
                    .forEachEntry((name, value) -> overlays.put(name, (ObjectNode) value));
            return new Schemas(texts, overlays);
        }
    }
}
