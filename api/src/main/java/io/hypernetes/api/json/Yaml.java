package io.hypernetes.api.json;

import io.hypernetes.api.ApiException;

import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * YAML in and out, with the meaning of sigs.k8s.io/yaml: plain {@code yes}, {@code no}, {@code on}
 * and {@code off} are booleans, timestamps stay texts, keys become texts.
 */
public final class Yaml {

    private Yaml() {}

    /** The only document. Throws BadRequest when there is none, several, or no object in it. */
    public static Parsed parse(byte[] yaml) {
        List<Parsed> documents = parseAll(yaml);
        if (documents.size() != 1) {
            throw ApiException.badRequest(
                    "error converting YAML to JSON: one document expected, found "
                            + documents.size());
        }
        return documents.getFirst();
    }

    /** All documents that are not empty. Throws BadRequest. */
    public static List<Parsed> parseAll(byte[] yaml) {
        List<Parsed> documents = new ArrayList<>();
        try {
            YamlReader reader = new YamlReader(new String(yaml, StandardCharsets.UTF_8));
            while (reader.hasDocument()) {
                List<String> duplicates = new ArrayList<>();
                JsonNode tree = reader.document(duplicates);
                if (tree instanceof ObjectNode object) {
                    documents.add(new Parsed(object, List.copyOf(duplicates)));
                } else if (!tree.isNull()) {
                    throw Json.unreadable(Json.notAnObject(tree));
                }
            }
        } catch (YamlEngineException | JsonSyntaxException e) {
            throw unreadable(String.valueOf(e.getMessage()));
        } catch (NumberFormatException _) {
            // The scanner's own, for an escape that the end of the text cuts off.
            throw unreadable("did not find expected hexdecimal number");
        }
        return List.copyOf(documents);
    }

    private static ApiException unreadable(String why) {
        return ApiException.badRequest("error converting YAML to JSON: yaml: " + why);
    }

    /** Block style, two spaces, fields in the order of {@link Json#write}. */
    public static byte[] write(JsonNode node) {
        return YamlWriter.write(Json.parse(Json.write(node))).getBytes(StandardCharsets.UTF_8);
    }
}
