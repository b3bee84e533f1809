package io.hypernetes.cli.cri;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Set;

/**
 * Messages in protocol buffers' JSON form: camelCase, 64 bits as texts, what is not set too. Times
 * of pods and containers are dates, as crictl shows them.
 */
final class MessageJson {

    private static final JsonMapper INDENTED =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final Set<String> TIMES = Set.of("createdAt", "startedAt", "finishedAt");

    private MessageJson() {}

    static String text(JsonNode tree) {
        return INDENTED.writeValueAsString(tree);
    }

    /**
     * @param dates whether its own times are written as dates
     */
    static ObjectNode of(Message message, boolean dates) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            boolean oneOf = field.getContainingOneof() != null;
            if (field.isMapField()) {
                tree.set(field.getJsonName(), map(message, field));
            } else if (field.isRepeated()) {
                ArrayNode list = tree.putArray(field.getJsonName());
                ((List<?>) message.getField(field)).forEach(item -> list.add(value(item)));
            } else if (dates && TIMES.contains(field.getJsonName())) {
                tree.put(field.getJsonName(), date((long) message.getField(field)));
            } else if (field.getJavaType() == JavaType.MESSAGE && !message.hasField(field)) {
                if (!oneOf) {
                    tree.putNull(field.getJsonName());
                }
            } else {
                tree.set(field.getJsonName(), value(message.getField(field)));
            }
        }
        return tree;
    }

    private static String date(long nanos) {
        return Instant.ofEpochSecond(0, nanos).toString();
    }

    private static ObjectNode map(Message message, FieldDescriptor field) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        FieldDescriptor key = field.getMessageType().findFieldByNumber(1);
        FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
        for (Object entry : (List<?>) message.getField(field)) {
            Message pair = (Message) entry;
            tree.set(String.valueOf(pair.getField(key)), value(pair.getField(value)));
        }
        return tree;
    }

    private static JsonNode value(Object value) {
        JsonNodeFactory make = JsonNodeFactory.instance;
        return switch (value) {
            case Message message -> of(message, false);
            case EnumValueDescriptor word -> make.stringNode(word.getName());
            case Long number -> make.stringNode(Long.toString(number));
            case Integer number -> make.numberNode(number);
            case Double number -> make.numberNode(number);
            case Boolean flag -> make.booleanNode(flag);
            case ByteString bytes ->
                    make.stringNode(Base64.getEncoder().encodeToString(bytes.toByteArray()));
            default -> make.stringNode(String.valueOf(value));
        };
    }
}
