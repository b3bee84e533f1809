package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.registry.SharedObjects;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The operator's storage classes and default roles: every tenant reads them, none writes them. */
class SharedTypesIT {
    private static final String CLASSES = "/apis/storage.k8s.io/v1/storageclasses";
    private static final String ROLES = "/apis/rbac.authorization.k8s.io/v1/clusterroles";

    private final Specimens specimens = new Specimens();
    private TestServer server;
    private String start = "";

    @BeforeEach
    void start() throws IOException {
        server = new TestServer();
        create(Tenant.SYSTEM, BuiltinTypes.STORAGE_CLASSES, "local");
        ObjectNode role = specimens.of(BuiltinTypes.CLUSTER_ROLES, "view", "all");
        ((ObjectNode) role.at("/metadata/labels"))
                .put(SharedObjects.BOOTSTRAP_LABEL, "rbac-defaults");
        server.client().create(BuiltinTypes.CLUSTER_ROLES, Tenant.SYSTEM, role);
        create(Tenant.SYSTEM, BuiltinTypes.CLUSTER_ROLES, "operators-own");
        create(TestServer.GLOBEX, BuiltinTypes.CLUSTER_ROLES, "of-globex");
        start =
                tree(server.get(TestServer.ALICE, ROLES))
                        .at("/metadata/resourceVersion")
                        .asString();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private void create(Tenant tenant, ResourceType type, String name) {
        server.client().create(type, tenant, specimens.of(type, name, "all"));
    }

    private static ObjectNode tree(HttpResponse<String> response) {
        return Json.parseObject(response.body().getBytes(StandardCharsets.UTF_8));
    }

    private List<String> seen(String path) {
        return tree(server.get(TestServer.ALICE, path))
                .path("items")
                .valueStream()
                .map(item -> item.at("/metadata/name").asString())
                .toList();
    }

    @Test
    void aTenantReadsThem() {
        assertThat(seen(CLASSES)).containsExactly("local");
        assertThat(seen(ROLES)).containsExactly("view");
        assertThat(server.get(TestServer.ALICE, ROLES + "/view").statusCode()).isEqualTo(200);
        assertThat(server.get(TestServer.ALICE, ROLES + "/operators-own").statusCode())
                .isEqualTo(404);
    }

    @Test
    void aTenantWritesNone() {
        String label = "{\"metadata\":{\"labels\":{\"mine\":\"yes\"}}}";
        for (ResourceType type :
                List.of(BuiltinTypes.STORAGE_CLASSES, BuiltinTypes.CLUSTER_ROLES)) {
            boolean isClass = type.id().equals(BuiltinTypes.STORAGE_CLASSES.id());
            String collection = isClass ? CLASSES : ROLES;
            String name = isClass ? "local" : "view";
            String path = collection + "/" + name;
            String before = server.stored(type, Tenant.SYSTEM, "", name).toString();
            String body = Json.text(specimens.of(type, name, "mine"));
            assertThat(server.send(TestServer.ALICE, "POST", collection, body).statusCode())
                    .isIn(403, 409);
            assertThat(server.send(TestServer.ALICE, "PUT", path, body).statusCode())
                    .isEqualTo(403);
            for (String patch : List.of("merge-patch+json", "strategic-merge-patch+json")) {
                assertThat(
                                server.send(
                                                TestServer.ALICE,
                                                "PATCH",
                                                path,
                                                label,
                                                "application/" + patch)
                                        .statusCode())
                        .isEqualTo(403);
            }
            assertThat(server.send(TestServer.ALICE, "DELETE", path, "").statusCode())
                    .isEqualTo(403);
            HttpResponse<String> all = server.send(TestServer.ALICE, "DELETE", collection, "");
            assertThat(tree(all).path("items")).isEmpty();
            assertThat(server.stored(type, Tenant.SYSTEM, "", name)).hasToString(before);
        }
    }

    @Test
    void theOperatorsPriorityAndRuntimeClassesAreSeenUsedAndTheirNamesTaken() {
        for (ResourceType type :
                List.of(BuiltinTypes.PRIORITY_CLASSES, BuiltinTypes.RUNTIME_CLASSES)) {
            String collection = "/apis/" + type.apiVersion() + "/" + type.id().resource();
            create(Tenant.SYSTEM, type, "shared");
            String body = Json.text(specimens.of(type, "shared", "mine"));
            assertThat(server.send(TestServer.ALICE, "POST", collection, body).statusCode())
                    .isEqualTo(409);
            assertThat(
                            server.send(TestServer.ALICE, "DELETE", collection + "/shared", "")
                                    .statusCode())
                    .isEqualTo(403);
            String own = Json.text(specimens.of(type, "own", "mine"));
            assertThat(server.send(TestServer.ALICE, "POST", collection, own).statusCode())
                    .isEqualTo(201);
            assertThat(seen(collection)).containsExactly("own", "shared");
        }
        String pod =
                """
                {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {
                 "priorityClassName": "shared", "containers": [{"name": "c", "image": "i"}]}}
                """;
        HttpResponse<String> made =
                server.send(TestServer.ALICE, "POST", "/api/v1/namespaces/default/pods", pod);
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        assertThat(tree(made).at("/spec/priority"))
                .isEqualTo(
                        server.stored(BuiltinTypes.PRIORITY_CLASSES, Tenant.SYSTEM, "", "shared")
                                .get("value"));
    }

    @Test
    void deletingAllRolesDeletesTheTenantsOwn() {
        create(TestServer.ACME, BuiltinTypes.CLUSTER_ROLES, "mine");
        server.send(TestServer.ALICE, "DELETE", ROLES, "");
        assertThat(seen(ROLES)).containsExactly("view");
    }

    @Test
    void aWatchTellsOwnAndSharedChangesInTheirOrderAndNothingElse() {
        create(TestServer.ACME, BuiltinTypes.CLUSTER_ROLES, "mine");
        create(TestServer.GLOBEX, BuiltinTypes.CLUSTER_ROLES, "theirs");
        create(Tenant.SYSTEM, BuiltinTypes.CLUSTER_ROLES, "hidden");
        ObjectNode shown = server.stored(BuiltinTypes.CLUSTER_ROLES, Tenant.SYSTEM, "", "view");
        Metadata.ensureAnnotations(shown).put("changed", "once");
        shown = server.client().update(BuiltinTypes.CLUSTER_ROLES, Tenant.SYSTEM, shown);
        // Without its label, it is the operator's own again.
        ((ObjectNode) shown.at("/metadata/labels")).remove(SharedObjects.BOOTSTRAP_LABEL);
        server.client().update(BuiltinTypes.CLUSTER_ROLES, Tenant.SYSTEM, shown);
        server.client()
                .delete(
                        BuiltinTypes.CLUSTER_ROLES,
                        new ObjectKey(Tenant.SYSTEM, "", "view"),
                        DeleteOptions.DEFAULT);
        String watch =
                server.get(
                                TestServer.ALICE,
                                ROLES + "?watch=1&timeoutSeconds=1&resourceVersion=" + start)
                        .body();
        List<String> events =
                watch.lines()
                        .map(line -> Json.parseObject(line.getBytes(StandardCharsets.UTF_8)))
                        .map(e ->
                                e.path("type").asString()
                                        + " "
                                        + e.at("/object/metadata/name").asString())
                        .toList();
        assertThat(events).containsExactly("ADDED mine", "MODIFIED view", "DELETED view");
    }
}
