package io.hypernetes.cli.schema;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Finds all differences of two OpenAPI v2 documents; the order of things is none. */
final class OpenApiComparison {

    private static final String ABSENT = "absent";
    private static final Set<String> UNORDERED =
            Set.of("required", "consumes", "produces", "x-kubernetes-group-version-kind");

    private final JsonNode ours;
    private final JsonNode theirs;
    private final boolean descriptions;
    private final List<Difference> found = new ArrayList<>();

    private OpenApiComparison(JsonNode ours, JsonNode theirs, boolean descriptions) {
        this.ours = ours;
        this.theirs = theirs;
        this.descriptions = descriptions;
    }

    static List<Difference> of(JsonNode ours, JsonNode theirs, boolean descriptions) {
        OpenApiComparison comparison = new OpenApiComparison(ours, theirs, descriptions);
        comparison.compare();
        return comparison.found;
    }

    private void compare() {
        JsonNode own = ours.path("definitions");
        JsonNode real = theirs.path("definitions");
        for (String name : union(own, real)) {
            if (bothHave("definition", name, own, real, name)) {
                definition(name, own.path(name), real.path(name));
            }
        }
        own = ours.path("paths");
        real = theirs.path("paths");
        for (String path : union(own, real)) {
            if (bothHave("path", path, own, real, path)) {
                path(path, own.path(path), real.path(path));
            }
        }
    }

    private void definition(String name, JsonNode own, JsonNode real) {
        keys("type", name, own, real, Set.of("properties"));
        JsonNode fields = own.path("properties");
        JsonNode realFields = real.path("properties");
        for (String field : union(fields, realFields)) {
            String where = name + "." + field;
            if (bothHave("field", where, fields, realFields, field)) {
                keys("field", where, fields.path(field), realFields.path(field), Set.of());
            }
        }
    }

    private void path(String path, JsonNode own, JsonNode real) {
        for (String method : union(own, real)) {
            String where = method + " " + path;
            if (!method.equals("parameters") && bothHave("operation", where, own, real, method)) {
                JsonNode operation = own.path(method);
                JsonNode realOperation = real.path(method);
                keys(
                        "operation",
                        where,
                        operation,
                        realOperation,
                        Set.of("parameters", "responses"));
                maps(
                        "parameter",
                        where,
                        parameters(ours, own, operation),
                        parameters(theirs, real, realOperation));
                maps("response", where, responses(operation), responses(realOperation));
            }
        }
    }

    /** Parameters of the path and the operation with references followed, by place and name. */
    private static Map<String, JsonNode> parameters(
            JsonNode document, JsonNode item, JsonNode operation) {
        Map<String, JsonNode> parameters = new TreeMap<>();
        for (JsonNode owner : List.of(item, operation)) {
            for (JsonNode listed : owner.path("parameters")) {
                String reference = listed.path("$ref").asString("");
                JsonNode parameter =
                        reference.isEmpty()
                                ? listed
                                : document.path("parameters")
                                        .path(reference.substring("#/parameters/".length()));
                parameters.put(
                        parameter.path("in").asString("")
                                + " "
                                + parameter.path("name").asString(""),
                        parameter);
            }
        }
        return parameters;
    }

    private static Map<String, JsonNode> responses(JsonNode operation) {
        Map<String, JsonNode> responses = new TreeMap<>();
        operation.path("responses").forEachEntry(responses::put);
        return responses;
    }

    private void maps(
            String what, String where, Map<String, JsonNode> own, Map<String, JsonNode> real) {
        Set<String> names = new TreeSet<>(own.keySet());
        names.addAll(real.keySet());
        for (String name : names) {
            JsonNode mine = own.get(name);
            JsonNode yours = real.get(name);
            if (mine == null || yours == null) {
                add(
                        what,
                        where + " " + name,
                        mine == null ? ABSENT : "present",
                        yours == null ? ABSENT : "present");
            } else {
                keys(what, where + " " + name, mine, yours, Set.of());
            }
        }
    }

    private boolean bothHave(String what, String where, JsonNode own, JsonNode real, String name) {
        if (own.has(name) && real.has(name)) {
            return true;
        }
        add(what, where, own.has(name) ? "present" : ABSENT, real.has(name) ? "present" : ABSENT);
        return false;
    }

    private void keys(String what, String where, JsonNode own, JsonNode real, Set<String> not) {
        for (String key : union(own, real)) {
            boolean skipped = not.contains(key) || (key.equals("description") && !descriptions);
            if (!skipped && !same(key, own.path(key), real.path(key))) {
                add(what + " " + key, where, text(own.path(key)), text(real.path(key)));
            }
        }
    }

    private boolean same(String key, JsonNode own, JsonNode real) {
        if (UNORDERED.contains(key) && own.isArray() && real.isArray()) {
            Set<String> mine = new TreeSet<>();
            Set<String> yours = new TreeSet<>();
            own.forEach(item -> mine.add(item.toString()));
            real.forEach(item -> yours.add(item.toString()));
            return mine.equals(yours);
        }
        return descriptions ? own.equals(real) : bare(own).equals(bare(real));
    }

    /** Without the descriptions within. */
    private static JsonNode bare(JsonNode node) {
        if (!(node instanceof ObjectNode object)) {
            return node;
        }
        ObjectNode bare = object.objectNode();
        object.forEachEntry((name, value) -> {
            if (!name.equals("description")) {
                bare.set(name, bare(value));
            }
        });
        return bare;
    }

    private void add(String what, String where, String mine, String yours) {
        found.add(new Difference(what, where, mine, yours));
    }

    private static String text(JsonNode node) {
        return node.isMissingNode() ? ABSENT : node.toString();
    }

    private static Set<String> union(JsonNode one, JsonNode other) {
        Set<String> names = new TreeSet<>(one.propertyNames());
        names.addAll(other.propertyNames());
        return names;
    }
}
