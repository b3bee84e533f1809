package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * The same thousands of new and changed objects for a kube-apiserver and for ours ({@code dryRun}):
 * which are refused, and with which code, reason and causes, and what the others look like. {@code
 * conformance/compare}; no part of a usual run, as that program is not ours to bring.
 */
final class UpstreamComparison {

    /** What each server makes up by itself. */
    private static final List<String> OWN =
            List.of("uid", "resourceVersion", "creationTimestamp", "managedFields");

    /** Unique ids, addresses of services, and now. */
    private static final String MADE_UP =
            "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}|10\\.\\d+\\.\\d+\\.\\d+(?=\")"
                    + "|"
                    + LocalDate.now(ZoneOffset.UTC)
                    + "T[0-9:]+Z";

    /** What upstream adds to some refusals of a change, in Go's own form. */
    private static final String DIFFERENCE = "\\\\n(@@|spec[.]).*(?=\",\"field\")";

    /**
     * Of a cause: objects that upstream shows in Go's own form, and types of CEL's checker, which
     * have random names.
     */
    private static final String SHOWN = "(?<=Invalid value: )\\{.*\\}(?=: )|(?<=selfType)\\d+";

    private static final ObjectNode GOOD = read();

    /**
     * @param out gets what differs
     */
    private record Servers(Http ours, Http theirs, PrintStream out) {}

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
                PrintStream out = new PrintStream(report.toFile(), UTF_8)) {
            Servers servers =
                    new Servers(
                            Http.of(server.system(), server.system().kubeconfig()),
                            Http.of(Files.readString(Path.of(file))),
                            out);
            ResourceType definitions = ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS;
            for (ResourceType type : BuiltinTypes.ALL) {
                if (!type.equals(definitions)
                        && servers.theirs().get(path(type), Http.JSON).code() == 200
                        && (kinds.isEmpty() || List.of(kinds.split(",")).contains(type.kind()))) {
                    compare(type, servers);
                }
            }
            if (kinds.isEmpty() || List.of(kinds.split(",")).contains(definitions.kind())) {
                Definitions.all()
                        .forEach(object -> ask(servers, "POST", path(definitions), object));
            }
        }
        System.out.printf("%,d requests, %,d answered otherwise: %s%n", asked, differ, report);
        assertThat(differ).isZero();
    }

    private void compare(ResourceType type, Servers servers) {
        int before = differ;
        String path = path(type);
        ObjectNode good = good(type);
        String one = path + "/compared";
        remove(servers, one);
        each(type, good, false, object -> ask(servers, "POST", path, object));
        boolean made = servers.ours().send("POST", path, Http.JSON, Json.text(good)).code() == 201;
        if (made && servers.theirs().send("POST", path, Http.JSON, Json.text(good)).code() == 201) {
            Mutations.without(good, object -> ask(servers, "PUT", one, object));
            each(type, good, false, object -> ask(servers, "PUT", one, object));
            if (type.hasStatus()) {
                each(type, good, true, object -> ask(servers, "PUT", one + "/status", object));
            }
        } else {
            System.out.printf("%s: no good one is known, none is changed%n", type.kind());
        }
        remove(servers, one);
        System.out.printf("%s: %d of %d differ so far%n", type.kind(), differ - before, asked);
    }

    /** Nobody there would take finalizers away. */
    private static void remove(Servers servers, String path) {
        for (Http server : List.of(servers.ours(), servers.theirs())) {
            server.send("DELETE", path + "?gracePeriodSeconds=0", Http.JSON, "");
            server.send(
                    "PATCH",
                    path,
                    "application/merge-patch+json",
                    "{\"metadata\":{\"finalizers\":null}}");
        }
    }

    /** Mutations of what a user writes, or of the status. */
    private static void each(
            ResourceType type, ObjectNode good, boolean status, Consumer<ObjectNode> to) {
        Mutations mutations = new Mutations(good, to);
        for (String field : type.schema().struct().properties().keySet()) {
            if (!List.of("apiVersion", "kind", "metadata").contains(field)
                    && field.equals("status") == status) {
                mutations.of(type.schema().struct(), field);
            }
        }
    }

    private void ask(Servers servers, String method, String path, ObjectNode object) {
        asked++;
        JsonNode own = answer(servers.ours(), method, path, object);
        JsonNode other = answer(servers.theirs(), method, path, object);
        if (!own.equals(other)) {
            differ++;
            servers.out()
                    .printf(
                            "%s %s %s%n  upstream %s%n  here     %s%n",
                            method, path, Json.text(object), Json.text(other), Json.text(own));
        }
    }

    /** Who changes an object says which state of it, as some kinds demand. */
    private static JsonNode answer(Http server, String method, String path, ObjectNode object) {
        ObjectNode body = object.deepCopy();
        if (method.equals("PUT")) {
            JsonNode live = server.get(path.replace("/status", ""), Http.JSON).object();
            JsonNode version = live.path("metadata").path("resourceVersion");
            body.withObject("metadata").set("resourceVersion", version);
        }
        String query = path + "?dryRun=All&fieldValidation=Strict";
        return told(server.send(method, query, Http.JSON, Json.text(body)).object());
    }

    /** What of an answer must be the same: of a refusal its causes in any order, else all of it. */
    private static JsonNode told(ObjectNode answer) {
        if (!answer.path("kind").asString("").equals("Status")) {
            answer.withObject("metadata").remove(OWN);
            if (answer.at("/metadata/annotations/hypernetes.io~1creator").isString()) {
                answer.withObject("metadata")
                        .remove("annotations"); // of namespaces, and of ours alone
            }
            if (answer.at("/spec/storageClassName").asString("").equals("local")) {
                answer.withObject("spec").remove("storageClassName"); // every claim's here
            }
            return Json.parse(Json.text(answer).replaceAll(MADE_UP, "…").getBytes(UTF_8));
        }
        ObjectNode told = Json.object();
        told.put("code", answer.path("code").asInt(0));
        told.put("reason", answer.path("reason").asString(""));
        TreeSet<String> causes = new TreeSet<>();
        answer.path("details")
                .path("causes")
                .forEach(cause ->
                        causes.add(
                                Json.text(cause)
                                        .replaceAll(DIFFERENCE, "")
                                        .replaceAll(SHOWN, "…")
                                        .replaceAll(MADE_UP, "…")));
        told.put("causes", String.join(" && ", causes));
        return told;
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
