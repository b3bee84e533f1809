package io.hypernetes.schema.extract;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;

import java.io.IOException;
import java.io.PrintStream;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;

/**
 * Compares the extraction with an OpenAPI v2 document of a real cluster, as {@code kubectl get
 * --raw /openapi/v2} prints it: how many definitions, properties and markers agree, and which do
 * not.
 *
 * <p>Usage: {@code SchemaDiff FILE}, both artifacts on the class path.
 */
public final class SchemaDiff {

    private final Map<String, int[]> counts = new LinkedHashMap<>();
    private final PrintStream out;

    private SchemaDiff(PrintStream out) {
        this.out = out;
    }

    public static void main(String[] arguments) throws IOException {
        JsonObject document;
        try (Reader reader = Files.newBufferedReader(Path.of(arguments[0]))) {
            document = JsonParser.parseReader(reader).getAsJsonObject();
        }
        Map<String, JsonObject> ours =
                Extract.extract(Extract.modelsJar(), Extract.protoSourcesJar());
        new SchemaDiff(System.out).compare(ours, document.getAsJsonObject("definitions"));
    }

    private void compare(Map<String, JsonObject> ours, JsonObject theirs) {
        TreeSet<String> names = new TreeSet<>(ours.keySet());
        names.addAll(theirs.keySet());
        for (String name : names) {
            JsonObject own = ours.get(name);
            if (own == null || !theirs.has(name)) {
                count("definitions", name, own == null ? "absent" : "ours only", "");
                continue;
            }
            count("definitions", name, "", "");
            definition(name, own, theirs.getAsJsonObject(name));
        }
        counts.forEach(
                (what, pair) -> out.println(what + ": " + pair[0] + " of " + pair[1] + " agree"));
    }

    private void definition(String name, JsonObject ours, JsonObject theirs) {
        for (String key : union(ours, theirs)) {
            if (!key.equals("properties") && !key.equals("x-kubernetes-group-version-kind")) {
                count("type " + key, name, text(ours, theirs, key), text(theirs, ours, key));
            }
        }
        JsonObject own = properties(ours);
        JsonObject real = properties(theirs);
        for (String property : union(own, real)) {
            String where = name + "." + property;
            count("properties", where, has(own, property), has(real, property));
            if (own.get(property) instanceof JsonObject a
                    && real.get(property) instanceof JsonObject b) {
                for (String key : union(a, b)) {
                    count("field " + key, where, text(a, b, key), text(b, a, key));
                }
            }
        }
    }

    private void count(String what, String where, String ours, String theirs) {
        int[] pair = counts.computeIfAbsent(what, _ -> new int[2]);
        pair[1]++;
        if (ours.equals(theirs)) {
            pair[0]++;
        } else {
            out.println(what + " of " + where + ":\n  ours   " + ours + "\n  theirs " + theirs);
        }
    }

    private static TreeSet<String> union(JsonObject one, JsonObject other) {
        TreeSet<String> keys = new TreeSet<>(one.keySet());
        keys.addAll(other.keySet());
        return keys;
    }

    private static JsonObject properties(JsonObject definition) {
        return definition.get("properties") instanceof JsonObject properties
                ? properties
                : new JsonObject();
    }

    private static String has(JsonObject properties, String name) {
        return properties.has(name) ? "present" : "absent";
    }

    private static String text(JsonObject json, JsonObject other, String key) {
        JsonElement value = json.get(key);
        if (value instanceof JsonArray array && key.equals("required")) {
            return new TreeSet<>(array.asList().stream().map(JsonElement::getAsString).toList())
                    .toString();
        }
        return value == null ? "" : value.equals(other.get(key)) ? "equal" : value.toString();
    }
}
