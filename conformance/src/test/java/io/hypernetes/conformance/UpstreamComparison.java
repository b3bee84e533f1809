package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.embedded.KubernetesApiServer;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * The same thousands of new objects for a kube-apiserver and for ours ({@code dryRun}): which are
 * refused, and with which code, reason and causes. {@code conformance/compare}; no part of a usual
 * run, as that program is not ours to bring. What accepted objects look like is compared too, but
 * for values that are zero.
 */
final class UpstreamComparison {

    /** What each server makes up by itself. */
    private static final List<String> OWN =
            List.of("uid", "resourceVersion", "creationTimestamp", "managedFields");

    private static final ObjectNode GOOD = read();

    private int asked;
    private int differ;

    @Test
    void answersAreTheSame() throws IOException {
        Path folder =
                Files.createDirectories(
                        Path.of(System.getProperty("hypernetes.root", ".."))
                                .resolve("conformance/target/upstream"));
        String file = Objects.requireNonNull(System.getProperty("upstream.kubeconfig"));
        String kinds = System.getProperty("upstream.kinds", "");
        Path report = folder.resolve("comparison.txt");
        try (KubernetesApiServer server = KubernetesApiServer.builder().start();
                PrintStream out = new PrintStream(report.toFile(), StandardCharsets.UTF_8)) {
            Http ours = Http.of(server.system(), server.system().kubeconfig());
            Http theirs = Http.of(Files.readString(Path.of(file)));
            ResourceType definitions = ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS;
            for (ResourceType type : BuiltinTypes.ALL) {
                if (!type.equals(definitions)
                        && theirs.get(path(type), Http.JSON).code() == 200
                        && (kinds.isEmpty() || List.of(kinds.split(",")).contains(type.kind()))) {
                    compare(type, ours, theirs, out);
                }
            }
            if (kinds.isEmpty() || List.of(kinds.split(",")).contains(definitions.kind())) {
                Definitions.all().forEach(object -> ask(definitions, object, ours, theirs, out));
            }
        }
        System.out.printf("%,d objects, %,d answered otherwise: %s%n", asked, differ, report);
        assertThat(differ).isZero();
    }

    private void compare(ResourceType type, Http ours, Http theirs, PrintStream out) {
        int before = differ;
        ObjectNode good = good(type);
        Mutations mutations = new Mutations(good, object -> ask(type, object, ours, theirs, out));
        for (String field : type.schema().struct().properties().keySet()) {
            if (!List.of("apiVersion", "kind", "metadata", "status").contains(field)) {
                mutations.of(type.schema().struct(), field);
            }
        }
        System.out.printf("%s: %d of %d differ so far%n", type.kind(), differ - before, asked);
    }

    private void ask(
            ResourceType type, ObjectNode object, Http ours, Http theirs, PrintStream out) {
        asked++;
        String query = path(type) + "?dryRun=All&fieldValidation=Strict";
        String text = Json.text(object);
        JsonNode own = told(ours.send("POST", query, Http.JSON, text).object());
        JsonNode other = told(theirs.send("POST", query, Http.JSON, text).object());
        if (!own.equals(other)) {
            differ++;
            out.printf(
                    "%s%n  upstream %s%n  here     %s%n", text, Json.text(other), Json.text(own));
        }
    }

    /** What of an answer must be the same: of a refusal its causes in any order, else all of it. */
    private static JsonNode told(ObjectNode answer) {
        if (!answer.path("kind").asString("").equals("Status")) {
            answer.withObject("metadata").remove(OWN);
            return withoutZeros(answer);
        }
        ObjectNode told = Json.object();
        told.put("code", answer.path("code").asInt(0));
        told.put("reason", answer.path("reason").asString(""));
        TreeSet<String> causes = new TreeSet<>();
        // Types of CEL's checker have random names.
        answer.path("details")
                .path("causes")
                .forEach(cause ->
                        causes.add(Json.text(cause).replaceAll("selfType\\d+", "selfType")));
        told.put("causes", String.join(" && ", causes));
        return told;
    }

    /** Go shows null where a required list or time is not there; here it is left out. */
    private static JsonNode withoutZeros(JsonNode value) {
        if (value instanceof ObjectNode object) {
            List.copyOf(object.properties())
                    .forEach(field -> {
                        withoutZeros(field.getValue());
                        if (isZero(field.getValue())) {
                            object.remove(field.getKey());
                        }
                    });
        } else {
            value.forEach(UpstreamComparison::withoutZeros);
        }
        return value;
    }

    private static boolean isZero(JsonNode value) {
        return value.isNull()
                || value.isContainer() && value.isEmpty()
                || value.isString() && value.stringValue().isEmpty()
                || value.isBoolean() && !value.booleanValue()
                || value.isNumber() && value.doubleValue() == 0;
    }

    private static String path(ResourceType type) {
        return (type.id().group().isEmpty() ? "/api/" : "/apis/")
                + type.apiVersion()
                + (type.namespaced() ? "/namespaces/default/" : "/")
                + type.id().resource();
    }

    /** One that would be accepted, where somebody has written one down; else one with a name. */
    private static ObjectNode good(ResourceType type) {
        ObjectNode object = Json.object();
        object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        object.putObject("metadata").put("name", "compared");
        JsonNode written = GOOD.path(type.kind());
        if (written instanceof ObjectNode fields) {
            object.setAll(Json.parseObject(Json.write(fields)));
        }
        return object;
    }

    private static ObjectNode read() {
        try (InputStream in =
                Objects.requireNonNull(
                        UpstreamComparison.class.getResourceAsStream("compared.json"))) {
            return Json.parseObject(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
