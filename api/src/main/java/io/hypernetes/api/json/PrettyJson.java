package io.hypernetes.api.json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.StringNode;

import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Map;

/** JSON for people, as Go's {@code json.Indent} writes it: two spaces a level. */
public final class PrettyJson {
    private static final String INDENT = "  ";

    private final StringBuilder text = new StringBuilder();

    private PrettyJson() {}

    public static byte[] write(JsonNode tree) {
        PrettyJson pretty = new PrettyJson();
        pretty.add(tree, "\n");
        return pretty.text.toString().getBytes(StandardCharsets.UTF_8);
    }

    /**
     * @param line the line break with the indentation of what encloses the value
     */
    private void add(JsonNode node, String line) {
        String inner = line + INDENT;
        if (node.isObject() && !node.isEmpty()) {
            text.append('{');
            Iterator<Map.Entry<String, JsonNode>> fields = node.properties().iterator();
            while (fields.hasNext()) {
                Map.Entry<String, JsonNode> field = fields.next();
                text.append(inner);
                text.append(Json.text(StringNode.valueOf(field.getKey()))).append(": ");
                add(field.getValue(), inner);
                text.append(fields.hasNext() ? "," : line);
            }
            text.append('}');
        } else if (node.isArray() && !node.isEmpty()) {
            text.append('[');
            Iterator<JsonNode> items = node.iterator();
            while (items.hasNext()) {
                text.append(inner);
                add(items.next(), inner);
                text.append(items.hasNext() ? "," : line);
            }
            text.append(']');
        } else {
            text.append(Json.text(node));
        }
    }
}
