package io.hypernetes.cli.cri;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.node.crictl.CriToolException;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;

/**
 * Messages out of JSON or YAML files as people write them for crictl: fields by their names in the
 * protocol ({@code log_path}) or in its JSON form ({@code logPath}), words of enumerations by name
 * or number. A field that does not exist is refused.
 */
final class MessageReader {

    private MessageReader() {}

    /** Fills in what the file says. */
    static <B extends Message.Builder> B read(Path file, B message) {
        try {
            fill(message, Yaml.parse(Files.readAllBytes(file)).tree(), "");
            return message;
        } catch (IOException e) {
            throw new CriToolException("cannot read " + file + ": " + e.getMessage(), e);
        } catch (ApiException | IllegalArgumentException e) {
            throw new CriToolException(file + ": " + e.getMessage(), e);
        }
    }

    private static void fill(Message.Builder message, JsonNode tree, String path) {
        if (!tree.isObject()) {
            throw new IllegalArgumentException("an object is needed" + at(path));
        }
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            String place = path + "." + entry.getKey();
            FieldDescriptor field = field(message, entry.getKey(), place);
            JsonNode value = entry.getValue();
            if (value.isNull()) {
                continue;
            }
            if (field.isMapField()) {
                putAll(message, field, value, place);
            } else if (field.isRepeated()) {
                value.forEach(item ->
                        message.addRepeatedField(field, value(message, field, item, place)));
            } else {
                message.setField(field, value(message, field, value, place));
            }
        }
    }

    private static FieldDescriptor field(Message.Builder message, String name, String path) {
        return message.getDescriptorForType().getFields().stream()
                .filter(one -> one.getName().equals(name) || one.getJsonName().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such field" + at(path)));
    }

    private static void putAll(
            Message.Builder message, FieldDescriptor field, JsonNode map, String path) {
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            Message.Builder pair = message.newBuilderForField(field);
            FieldDescriptor value = field.getMessageType().findFieldByNumber(2);
            pair.setField(field.getMessageType().findFieldByNumber(1), entry.getKey())
                    .setField(value, value(pair, value, entry.getValue(), path));
            message.addRepeatedField(field, pair.build());
        }
    }

    private static Object value(
            Message.Builder message, FieldDescriptor field, JsonNode value, String path) {
        try {
            return switch (field.getJavaType()) {
                case MESSAGE -> {
                    Message.Builder inner = message.newBuilderForField(field);
                    fill(inner, value, path);
                    yield inner.build();
                }
                case ENUM -> word(field, value, path);
                case STRING -> value.asString();
                case BOOLEAN -> value.asBoolean();
                case INT -> Integer.valueOf(value.asString());
                case LONG -> Long.valueOf(value.asString());
                case FLOAT -> Float.valueOf(value.asString());
                case DOUBLE -> Double.valueOf(value.asString());
                case BYTE_STRING ->
                        ByteString.copyFrom(Base64.getDecoder().decode(value.asString()));
            };
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a number is needed" + at(path), e);
        }
    }

    private static EnumValueDescriptor word(FieldDescriptor field, JsonNode value, String path) {
        return field.getEnumType().getValues().stream()
                .filter(one ->
                        value.isNumber()
                                ? one.getNumber() == value.asInt()
                                : one.getName().equals(value.asString()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such word" + at(path)));
    }

    private static String at(String path) {
        return path.isEmpty() ? "" : " at " + path.substring(1);
    }
}
