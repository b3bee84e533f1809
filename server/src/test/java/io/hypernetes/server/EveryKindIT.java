package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.ExtensionTypes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/**
 * The life of one object of every row of the table, in two tenants' worlds at once: it is made from
 * the row's specimen, read, written unchanged, patched, shown as a table and deleted. A row without
 * a specimen fails.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryKindIT {
    private static final String PATCH = "{\"metadata\":{\"labels\":{\"patched\":\"yes\"}}}";

    private TestServer server;

    @BeforeAll
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    static Stream<ResourceType> rows() {
        // Tenants and users exist once, in the operator's world, and tenants cannot make storage
        // classes: TenancyIT and SharedTypesIT are about them.
        return BuiltinTypes.ALL.stream()
                .filter(type -> !type.equals(BuiltinTypes.STORAGE_CLASSES))
                .filter(type -> !type.equals(BuiltinTypes.TENANTS))
                .filter(type -> !type.equals(BuiltinTypes.USERS));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void lives(ResourceType type) {
        List<String> users = List.of(TestServer.ALICE, TestServer.BOB);
        users.forEach(user -> make(type, user));
        users.forEach(user -> {
            readAndWrite(type, user);
            asTable(type, user);
        });
        users.forEach(user -> delete(type, user));
    }

    private static String collection(ResourceType type) {
        return (type.id().group().isEmpty() ? "/api/" : "/apis/")
                + type.apiVersion()
                + (type.namespaced() ? "/namespaces/default/" : "/")
                + type.id().resource();
    }

    private static String object(ResourceType type, String user) {
        return collection(type) + "/" + name(type, user);
    }

    /** Some names say what the object is. */
    private static String name(ResourceType type, String user) {
        if (type.equals(BuiltinTypes.IP_ADDRESSES)) {
            return "10.97.0.7";
        }
        String domain = "." + marker(user) + ".example.com";
        if (type.equals(ExtensionTypes.CUSTOM_RESOURCE_DEFINITIONS)) {
            return "things" + domain;
        }
        if (type.equals(ExtensionTypes.THIRD_PARTY_RESOURCES)) {
            return "every-kind" + domain;
        }
        return type.equals(ExtensionTypes.API_SERVICES) ? "v1" + domain : "every-kind";
    }

    private static String marker(String user) {
        return user.replace(':', '-');
    }

    private ObjectNode answer(int code, HttpResponse<String> response) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(code);
        return Json.parseObject(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private void make(ResourceType type, String user) {
        ObjectNode specimen = new Specimens().of(type, name(type, user), marker(user));
        ObjectNode made =
                answer(
                        201,
                        server.send(
                                user,
                                "POST",
                                collection(type) + "?fieldValidation=Strict",
                                Json.text(specimen)));
        boolean counts = !type.strategy().desired(made).isMissingNode();
        assertThat(Metadata.generation(made))
                .isEqualTo(counts ? type.strategy().firstGeneration() : 0);
        assertThat(made.path("kind").asString()).isEqualTo(type.kind());
    }

    /** A definition's status is written by a controller at first: who is slower has a conflict. */
    private ObjectNode settled(ResourceType type, String user) {
        boolean settles = type.id().resource().equals("customresourcedefinitions");
        ObjectNode read = answer(200, server.get(user, object(type, user)));
        for (int i = 0; settles && i < 1000 && !read.toString().contains("Established"); i++) {
            read = answer(200, server.get(user, object(type, user)));
        }
        return read;
    }

    private void readAndWrite(ResourceType type, String user) {
        ObjectNode read = settled(type, user);
        String other = marker(user.equals(TestServer.ALICE) ? TestServer.BOB : TestServer.ALICE);
        assertThat(read.toString()).contains(marker(user)).doesNotContain(other);
        ObjectNode same =
                answer(200, server.send(user, "PUT", object(type, user), Json.text(read)));
        assertThat(Json.same(same, read)).as("%s becomes %s", read, same).isTrue();
        ObjectNode patched =
                answer(
                        200,
                        server.send(
                                user,
                                "PATCH",
                                object(type, user),
                                PATCH,
                                "application/merge-patch+json"));
        assertThat(Metadata.label(patched, "patched")).isEqualTo("yes");
        // Of an EndpointSlice the labels count too.
        boolean counts = type.equals(BuiltinTypes.ENDPOINT_SLICES);
        assertThat(Metadata.generation(patched))
                .isEqualTo(Metadata.generation(read) + (counts ? 1 : 0));
        ObjectNode list = answer(200, server.get(user, collection(type)));
        assertThat(list.path("kind").asString()).isEqualTo(type.kind() + "List");
        assertThat(list.toString()).contains('"' + name(type, user) + '"').doesNotContain(other);
        if (type.hasStatus()) {
            ObjectNode status = answer(200, server.get(user, object(type, user) + "/status"));
            answer(
                    200,
                    server.send(user, "PUT", object(type, user) + "/status", Json.text(status)));
        }
    }

    private void asTable(ResourceType type, String user) {
        HttpResponse<String> response =
                server.send(
                        server.request(user, collection(type))
                                .header("Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                                .build());
        JsonNode table = answer(200, response);
        assertThat(table.path("kind").asString()).isEqualTo("Table");
        int columns = table.path("columnDefinitions").size();
        for (JsonNode row : table.path("rows")) {
            assertThat(row.path("cells")).hasSize(columns);
        }
    }

    private void delete(ResourceType type, String user) {
        int code = server.send(user, "DELETE", object(type, user), "").statusCode();
        assertThat(code).isBetween(200, 202);
        HttpResponse<String> after = server.get(user, object(type, user));
        // A namespace waits for its content, others for those that hold them by a finalizer.
        if (!type.equals(BuiltinTypes.NAMESPACES) && !after.body().contains("\"finalizers\"")) {
            assertThat(after.statusCode()).isEqualTo(404);
        }
    }
}
