package io.hypernetes.api.json;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.Map;
import java.util.regex.Pattern;

/** Trees to block-style YAML; what could be read as something else is quoted as in JSON. */
final class YamlWriter {

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z_/][-A-Za-z0-9_./]*");

    private final StringBuilder out = new StringBuilder();

    private YamlWriter() {}

    static String write(JsonNode node) {
        YamlWriter writer = new YamlWriter();
        writer.block(node, 0);
        return writer.out.toString();
    }

    private void block(JsonNode node, int indent) {
        switch (node) {
            case ObjectNode object when !object.isEmpty() -> {
                boolean first = true;
                for (Map.Entry<String, JsonNode> field : object.properties()) {
                    if (!first) {
                        out.repeat(' ', indent);
                    }
                    first = false;
                    out.append(text(field.getKey())).append(':');
                    nested(field.getValue(), indent);
                }
            }
            case ArrayNode array when !array.isEmpty() -> {
                boolean first = true;
                for (JsonNode item : array) {
                    if (!first) {
                        out.repeat(' ', indent);
                    }
                    first = false;
                    out.append("- ");
                    block(item, indent + 2);
                }
            }
            default -> out.append(scalar(node)).append('\n');
        }
    }

    private void nested(JsonNode value, int indent) {
        if (!value.isContainer() || value.isEmpty()) {
            out.append(' ').append(scalar(value)).append('\n');
            return;
        }
        // As kubectl prints it, a list stands at its field's own indentation.
        int inner = value.isArray() ? indent : indent + 2;
        out.append('\n').repeat(' ', inner);
        block(value, inner);
    }

    private static String scalar(JsonNode node) {
        return node.isString() ? text(node.stringValue()) : Json.text(node);
    }

    private static String text(String value) {
        boolean plain = PLAIN.matcher(value).matches() && YamlScalars.resolve(value).isString();
        return plain ? value : quoted(value);
    }

    /** JSON's escapes are YAML's, but for characters that YAML does not allow unescaped. */
    private static String quoted(String value) {
        String json =
                Json.text(tools.jackson.databind.node.JsonNodeFactory.instance.stringNode(value));
        StringBuilder safe = new StringBuilder();
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            boolean unsafe =
                    c >= 0x7f && c < 0xa0
                            || c == 0x2028
                            || c == 0x2029
                            || c == 0xfeff
                            || c >= 0xfffe;
            if (unsafe) {
                safe.append("\\u%04x".formatted((int) c));
            } else {
                safe.append(c);
            }
        }
        return safe.toString();
    }
}
