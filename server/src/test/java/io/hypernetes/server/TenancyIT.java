package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;

/** A user of one tenant meets nothing of another's, by no path, verb or prefix. */
class TenancyIT {
    private static final String SECRET = "only-of-globex";

    private static TestServer server;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer();
        ObjectNode namespace = Json.object();
        namespace.putObject("metadata").put("name", SECRET);
        server.client().create(BuiltinTypes.NAMESPACES, TestServer.GLOBEX, namespace);
        ObjectNode map = Json.object();
        map.putObject("metadata").put("name", SECRET).put("namespace", "default");
        server.client().create(BuiltinTypes.CONFIG_MAPS, TestServer.GLOBEX, map);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<String> paths(String prefix, ResourceType type) {
        String base =
                prefix + (type.id().group().isEmpty() ? "/api/" : "/apis/") + type.apiVersion();
        String resource = "/" + type.id().resource();
        List<String> collections = new ArrayList<>(List.of(base + resource));
        if (type.namespaced()) {
            collections.add(base + "/namespaces/default" + resource);
            collections.add(base + "/namespaces/" + SECRET + resource);
        }
        List<String> paths = new ArrayList<>();
        for (String collection : collections) {
            paths.add(collection);
            paths.add(collection + "?labelSelector=a%21%3Db");
            paths.add(collection + "?fieldSelector=metadata.name%3D" + SECRET);
            paths.add(
                    collection
                            + "?watch=1&timeoutSeconds=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan");
            paths.add(collection + "/" + SECRET);
            type.subresources().forEach(s -> paths.add(collection + "/" + SECRET + "/" + s));
        }
        return paths;
    }

    @Test
    void noPathOfAnotherTenantsUserShowsAnything() {
        for (ResourceType type : BuiltinTypes.ALL) {
            for (String path : paths("", type)) {
                if (path.contains("watch=1") && !path.contains("configmaps")) {
                    continue;
                }
                HttpResponse<String> response = server.get(TestServer.ALICE, path);
                if (response.statusCode() == 200) {
                    assertThat(response.body()).as(path).doesNotContain(SECRET);
                } else {
                    // 301: a proxy's path gets its slash before anybody looks what is there.
                    assertThat(response.statusCode()).as(path).isIn(301, 400, 404, 405);
                    assertThat(response.statusCode() != 301 || path.endsWith("/proxy"))
                            .as(path)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void noPrefixOpensAnotherTenantsWorld() {
        for (String prefix : List.of("/tenants/globex", "/tenants/*", "/tenants/system")) {
            for (ResourceType type : BuiltinTypes.ALL) {
                for (String path : paths(prefix, type)) {
                    assertThat(server.get(TestServer.ALICE, path).statusCode())
                            .as(path)
                            .isEqualTo(403);
                }
            }
        }
    }

    @Test
    void noWriteReachesAnotherTenantsObject() {
        for (String verb : List.of("PUT", "DELETE")) {
            String path = "/api/v1/namespaces/default/configmaps/" + SECRET;
            String body =
                    "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\""
                            + SECRET
                            + "\"},\"data\":{\"changed\":\"yes\"}}";
            assertThat(
                            server.send(
                                            TestServer.ALICE,
                                            verb,
                                            path,
                                            verb.equals("PUT") ? body : "")
                                    .statusCode())
                    .isEqualTo(404);
        }
        assertThat(
                        server.stored(
                                        BuiltinTypes.CONFIG_MAPS,
                                        TestServer.GLOBEX,
                                        "default",
                                        SECRET)
                                .has("data"))
                .isFalse();
    }

    @Test
    void theAnswerDoesNotTellWhetherATenantExists() {
        String there = server.get(TestServer.ALICE, "/tenants/globex/api/v1/pods").body();
        String missing = server.get(TestServer.ALICE, "/tenants/nowhere/api/v1/pods").body();
        assertThat(there.replace("globex", "nowhere")).isEqualTo(missing);
        assertThat(server.get(TestUsers.OPERATOR, "/tenants/nowhere/api/v1/pods").body())
                .contains("tenants.hypernetes.io \\\"nowhere\\\" not found");
    }

    @Test
    void aMemberOfSeveralTenantsChooses() {
        HttpResponse<String> undecided = server.get("carol:acme,globex", "/api/v1/namespaces");
        assertThat(undecided.statusCode()).isEqualTo(403);
        assertThat(undecided.body()).contains("one of: acme, globex");
        assertThat(server.get("carol:acme,globex", "/tenants/globex/api/v1/namespaces").body())
                .contains(SECRET);
        assertThat(server.get("carol:acme,globex", "/tenants/acme/api/v1/namespaces").body())
                .doesNotContain(SECRET);
    }

    @Test
    void tenantsAndUsersAreNoTypesOfATenantsWorld() {
        for (String resource : List.of("tenants", "users")) {
            assertThat(
                            server.get(TestServer.ALICE, "/apis/hypernetes.io/v1/" + resource)
                                    .statusCode())
                    .isEqualTo(404);
        }
    }

    @Test
    void aStorageClassIsSharedAndReadOnly() {
        ObjectNode storageClass = Json.object().put("provisioner", "hypernetes.io/local");
        storageClass.putObject("metadata").put("name", "shared");
        server.client().create(BuiltinTypes.STORAGE_CLASSES, Tenant.SYSTEM, storageClass);
        String path = "/apis/storage.k8s.io/v1/storageclasses";
        assertThat(server.get(TestServer.ALICE, path).body()).contains("\"shared\"");
        HttpResponse<String> deleted =
                server.send(TestServer.ALICE, "DELETE", path + "/shared", "");
        assertThat(deleted.statusCode()).isEqualTo(403);
        assertThat(deleted.body()).contains("shared with every tenant");
    }

    @Test
    void theCreatorOfANamespaceIsStampedAndStays() {
        String body =
                "{\"apiVersion\":\"v1\",\"kind\":\"Namespace\",\"metadata\":{\"name\":\"mine\","
                        + "\"annotations\":{\"hypernetes.io/creator\":\"somebody\"}}}";
        assertThat(server.send(TestServer.ALICE, "POST", "/api/v1/namespaces", body).body())
                .contains("\"hypernetes.io/creator\":\"alice\"");
        String patch = "{\"metadata\":{\"annotations\":{\"hypernetes.io/creator\":\"bob\"}}}";
        assertThat(
                        server.send(
                                        TestServer.ALICE,
                                        "PATCH",
                                        "/api/v1/namespaces/mine",
                                        patch,
                                        "application/merge-patch+json")
                                .body())
                .contains("\"hypernetes.io/creator\":\"alice\"");
        assertThat(server.send(TestServer.ALICE, "DELETE", "/api/v1/namespaces/default", "").body())
                .contains("this namespace may not be deleted");
    }

    @Test
    void aRoleThatGrantsMoreThanItsWriterHasIsForbidden() {
        String role =
                "{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"ClusterRole\","
                        + "\"metadata\":{\"name\":\"too-much\"},\"rules\":[]}";
        String path = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
        assertThat(server.send(TestServer.ALICE, "POST", path, role).statusCode()).isEqualTo(403);
    }

    @Test
    void aLoginGivesATokenForOneTenant() {
        HttpResponse<String> answer =
                server.send(
                        server.request("", "/tenants/acme/login")
                                .header(
                                        "Authorization",
                                        "Basic "
                                                + java.util.Base64.getEncoder()
                                                        .encodeToString(
                                                                "alice:acme:pw"
                                                                        .getBytes(
                                                                                java.nio.charset
                                                                                        .StandardCharsets
                                                                                        .UTF_8)))
                                .POST(java.net.http.HttpRequest.BodyPublishers.noBody())
                                .build());
        assertThat(answer.statusCode()).isEqualTo(201);
        assertThat(answer.body()).contains("\"tenant\":\"acme\"").contains("\"token\"");
        assertThat(server.send(TestServer.ALICE, "POST", "/login", "").statusCode()).isEqualTo(403);
    }
}
