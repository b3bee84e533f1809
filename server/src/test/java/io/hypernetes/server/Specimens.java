package io.hypernetes.server;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.ExtensionTypes;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** A valid object of every built-in type, from {@code objects.yaml}. */
final class Specimens {
    private final String yaml;

    Specimens() {
        try (InputStream file = Specimens.class.getResourceAsStream("objects.yaml")) {
            yaml = new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether an object of the type may be called anything: some names say what it is. */
    static boolean canBeCalledAnything(ResourceType type) {
        return !type.id().equals(BuiltinTypes.IP_ADDRESSES.id())
                && !type.id().equals(ExtensionTypes.API_SERVICES.id())
                && !type.id().equals(ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS.id())
                && !type.id().equals(ExtensionTypes.THIRD_PARTY_RESOURCES.id());
    }

    /**
     * @param marker stands in a label, an annotation, and the type's own fields
     */
    ObjectNode of(ResourceType type, String name, String marker) {
        byte[] text = yaml.replace("MARKER", marker).getBytes(StandardCharsets.UTF_8);
        JsonNode all = Yaml.parse(text).tree();
        // A resource of the same name in another group has the whole name for its key.
        JsonNode own = all.path(type.id().toString());
        if (!((own.isMissingNode() ? all.path(type.id().resource()) : own)
                instanceof ObjectNode fields)) {
            throw new IllegalStateException("objects.yaml has no entry for " + type);
        }
        ObjectNode object =
                Json.object().put("apiVersion", type.apiVersion()).put("kind", type.kind());
        ObjectNode metadata = object.putObject("metadata").put("name", name);
        if (type.namespaced()) {
            metadata.put("namespace", "default");
        }
        metadata.putObject("labels").put("marker", marker);
        Metadata.ensureAnnotations(object).put("marker", marker);
        object.setAll(fields);
        return object;
    }
}
