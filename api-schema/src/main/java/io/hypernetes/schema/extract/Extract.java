package io.hypernetes.schema.extract;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;

import io.kubernetes.client.openapi.models.V1Pod;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes {@code kubernetes-1.36.definitions} and {@code kubernetes-1.36.descriptions} into the
 * module's classes: a definition a line, its name, a space, its JSON; and {@code
 * kubernetes-1.36.fields}: a protocol buffer message a line, its name, then {@code
 * NUMBER:FIELD:TYPE} for each field, parted by spaces. Does nothing when all are newer than what
 * they are made from.
 *
 * <p>Usage: {@code Extract CLASSES}, the folder of this module's compiled classes; both artifacts
 * are on the class path.
 */
public final class Extract {

    static final String FOLDER = "io/hypernetes/schema/";
    private static final String NAME = "kubernetes-1.36.";
    private static final Gson GSON = new GsonBuilder().disableHtmlEscaping().create();

    private Extract() {}

    public static void main(String[] arguments) throws IOException {
        Path classes = Path.of(arguments[0]);
        Path folder = classes.resolve(FOLDER);
        Path definitions = folder.resolve(NAME + "definitions");
        Path descriptions = folder.resolve(NAME + "descriptions");
        Path models = modelsJar();
        Path protos = protoSourcesJar();
        Path fields = folder.resolve(NAME + "fields");
        if (upToDate(
                List.of(definitions, descriptions, fields), List.of(models, protos), classes)) {
            return;
        }
        Map<String, JsonObject> all = extract(models, protos);
        Files.createDirectories(folder);
        StringBuilder schemas = new StringBuilder();
        StringBuilder texts = new StringBuilder();
        all.forEach((name, definition) -> {
            JsonObject described = takeDescriptions(definition);
            schemas.append(name).append(' ').append(GSON.toJson(definition)).append('\n');
            texts.append(name).append(' ').append(GSON.toJson(described)).append('\n');
        });
        Files.writeString(definitions, schemas, StandardCharsets.UTF_8);
        Files.writeString(descriptions, texts, StandardCharsets.UTF_8);
        Files.writeString(fields, fields(ProtoSources.read(protos)), StandardCharsets.UTF_8);
    }

    private static String fields(Map<String, Message> messages) {
        StringBuilder lines = new StringBuilder();
        messages.values().stream()
                .filter(message -> message.name().startsWith("io.k8s."))
                .forEach(message -> {
                    lines.append(message.name());
                    for (Message.Field field : message.fields().values()) {
                        String type = field.type().startsWith("io.k8s.") ? field.type() : "";
                        lines.append(' ').append(field.number());
                        lines.append(':').append(field.name()).append(':').append(type);
                    }
                    lines.append('\n');
                });
        return lines.toString();
    }

    /** All definitions by name, with descriptions. */
    static Map<String, JsonObject> extract(Path models, Path protos) {
        Map<String, Message> messages = ProtoSources.read(protos);
        DefinitionNames names = new DefinitionNames(messages, ModelClasses.groupVersions(models));
        return new Definitions(names.name(ModelClasses.models(models)), messages).all();
    }

    static Path modelsJar() {
        try {
            return Path.of(V1Pod.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException("The class path names no file for client-java-api", e);
        }
    }

    static Path protoSourcesJar() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(path -> path.matches(".*client-java-proto-[^/]*-sources\\.jar"))
                .map(Path::of)
                .findFirst()
                .orElseThrow(() ->
                        new IllegalStateException(
                                "client-java-proto's sources are not on the class path:"
                                        + " declare them as a dependency of this module"));
    }

    /** Removes the descriptions of a definition and its fields, and returns them by field name. */
    private static JsonObject takeDescriptions(JsonObject definition) {
        JsonObject descriptions = new JsonObject();
        takeDescription("", definition, descriptions);
        if (definition.get("properties") instanceof JsonObject properties) {
            for (Map.Entry<String, JsonElement> property : properties.entrySet()) {
                takeDescription(
                        property.getKey(), property.getValue().getAsJsonObject(), descriptions);
            }
        }
        return descriptions;
    }

    private static void takeDescription(String field, JsonObject from, JsonObject descriptions) {
        JsonElement description = from.remove("description");
        if (description != null) {
            descriptions.add(field, description);
        }
    }

    private static boolean upToDate(List<Path> outputs, List<Path> jars, Path classes)
            throws IOException {
        for (Path output : outputs) {
            if (!Files.exists(output)) {
                return false;
            }
        }
        FileTime written = Files.getLastModifiedTime(outputs.getFirst());
        for (Path jar : jars) {
            if (Files.getLastModifiedTime(jar).compareTo(written) > 0) {
                return false;
            }
        }
        try (Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class")).toList()) {
                if (Files.getLastModifiedTime(file).compareTo(written) > 0) {
                    return false;
                }
            }
        }
        return true;
    }
}
