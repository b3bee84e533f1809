package io.hypernetes.api.schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes an OpenAPI v2 document small as kube-openapi does: what all operations of a path take is
 * said once at the path, and what many paths take once in the document.
 */
final class SharedParameters {

    /** Upstream repeats these. */
    private static final Set<String> REPEATED = Set.of("dryRun", "fieldValidation", "name");

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private SharedParameters() {}

    /** Moves the parameters that all operations of a path have, bodies aside, to the path. */
    static void lift(ObjectNode document) {
        for (JsonNode item : document.path("paths")) {
            lift((ObjectNode) item, List.copyOf(item.propertyNames()));
        }
    }

    private static void lift(ObjectNode item, List<String> methods) {
        List<JsonNode> common = new ArrayList<>();
        for (JsonNode parameter : item.path(methods.getFirst()).path("parameters")) {
            if (!parameter.path("in").asString("").equals("body")
                    && methods.stream().allMatch(m -> takes(item.path(m), parameter))) {
                common.add(parameter);
            }
        }
        if (common.isEmpty()) {
            return;
        }
        Set<JsonNode> lifted = new HashSet<>(common);
        for (String method : methods) {
            ObjectNode operation = (ObjectNode) item.path(method);
            ArrayNode kept = operation.arrayNode();
            operation
                    .path("parameters")
                    .forEach(p -> {
                        if (!lifted.contains(p)) {
                            kept.add(p);
                        }
                    });
            if (kept.isEmpty()) {
                operation.remove("parameters");
            } else {
                operation.set("parameters", kept);
            }
        }
        common.forEach(item.putArray("parameters")::add);
    }

    private static boolean takes(JsonNode operation, JsonNode parameter) {
        for (JsonNode other : operation.path("parameters")) {
            if (other.equals(parameter)) {
                return true;
            }
        }
        return false;
    }

    /** Replaces parameters by references to {@code #/parameters/}. */
    static void share(ObjectNode document) {
        Map<String, JsonNode> shared = new TreeMap<>();
        for (JsonNode item : document.path("paths")) {
            share(item.path("parameters"), shared);
            item.forEach(operation -> share(operation.path("parameters"), shared));
        }
        ObjectNode parameters = document.putObject("parameters");
        shared.forEach(parameters::set);
    }

    private static void share(JsonNode list, Map<String, JsonNode> shared) {
        if (!(list instanceof ArrayNode parameters)) {
            return;
        }
        for (int i = 0; i < parameters.size(); i++) {
            JsonNode parameter = parameters.get(i);
            String name = parameter.path("name").asString("");
            String definition = parameter.path("schema").path("$ref").asString("");
            boolean own = name.equals("body") && !definition.contains(".meta.v1.");
            if (!REPEATED.contains(name) && !own) {
                String key = name + "-" + hash(parameter.toString());
                shared.put(key, parameter);
                parameters.set(i, parameters.objectNode().put("$ref", "#/parameters/" + key));
            }
        }
    }

    /** FNV-1, six bytes of it: eight characters. */
    private static String hash(String text) {
        long hash = FNV_OFFSET;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            hash = hash * FNV_PRIME ^ b & 0xff;
        }
        byte[] bytes = new byte[6];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (hash >>> 56 - 8 * i);
        }
        return Base64.getUrlEncoder().encodeToString(bytes);
    }
}
