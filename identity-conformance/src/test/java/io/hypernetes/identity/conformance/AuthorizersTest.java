package io.hypernetes.identity.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer;
import io.hypernetes.api.access.Authorizer.Decision;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.identity.abac.AbacAuthorizer;
import io.hypernetes.identity.fixed.AlwaysAllow;
import io.hypernetes.identity.fixed.AlwaysDeny;
import io.hypernetes.identity.node.NodeAuthorizer;
import io.hypernetes.identity.rbac.RbacAuthorizer;
import io.hypernetes.identity.webhook.WebhookAuthorizer;
import io.hypernetes.identity.webhook.WebhookFile;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The suite over all authorizers, and what is particular to each. */
class AuthorizersTest {

    private static final Tenant ACME = new Tenant("acme");

    @Nested
    class Rbac extends AuthorizerConformance {
        private RbacAuthorizer rbac;

        @BeforeEach
        void start() throws InterruptedException {
            MemoryClient client = new MemoryClient();
            ObjectNode role = named("reader");
            ObjectNode rule = role.putArray("rules").addObject();
            rule.putArray("apiGroups").add("");
            rule.putArray("resources").add("pods");
            rule.putArray("verbs").add("get");
            client.create(BuiltinTypes.ROLES, ACME, role);
            ObjectNode binding = named("readers");
            binding.putArray("subjects").addObject().put("kind", "Group").put("name", "devs");
            binding.putObject("roleRef").put("kind", "Role").put("name", "reader");
            client.create(BuiltinTypes.ROLE_BINDINGS, ACME, binding);
            rbac = new RbacAuthorizer(client).start();
            rbac.awaitSynced();
        }

        private static ObjectNode named(String name) {
            ObjectNode object = Json.object();
            object.putObject("metadata").put("name", name).put("namespace", "web");
            return object;
        }

        @AfterEach
        void end() {
            rbac.close();
        }

        @Override
        protected Authorizer authorizer() {
            return rbac;
        }
    }

    @Nested
    class Abac extends AuthorizerConformance {
        @TempDir Path folder;

        @Override
        protected Authorizer authorizer() throws IOException {
            Path file = folder.resolve("policy.jsonl");
            Files.writeString(
                    file,
                    """
                    # who may what
                    {"apiVersion":"abac.authorization.kubernetes.io/v1beta1","kind":"Policy","spec":{"tenant":"acme","group":"devs","namespace":"web","resource":"pods","apiGroup":"","readonly":true}}
                    """);
            return new AbacAuthorizer(file);
        }
    }

    @Nested
    class Webhook extends AuthorizerConformance {
        @TempDir Path folder;
        private JsonServer server;
        private WebhookAuthorizer webhook;

        @BeforeEach
        void start() throws IOException {
            server =
                    new JsonServer(spec ->
                            Json.object().put("allowed", allowed(spec)).put("reason", "asked"));
            webhook =
                    new WebhookAuthorizer(
                            WebhookFile.read(server.file(folder)),
                            Duration.ofMinutes(5),
                            Clock.systemUTC());
        }

        private static boolean allowed(ObjectNode spec) {
            String tenant = spec.path("extra").path("hypernetes.io/tenant").path(0).asString("");
            return tenant.equals("acme")
                    && spec.path("user").asString("").equals("alice")
                    && spec.path("resourceAttributes").path("namespace").asString("").equals("web")
                    && spec.path("resourceAttributes").path("verb").asString("").equals("get");
        }

        @AfterEach
        void end() {
            webhook.close();
            server.close();
        }

        @Override
        protected Authorizer authorizer() {
            return webhook;
        }

        @Test
        void isAskedOnceAndWithoutItNobodyKnows() {
            Attributes wanted = pods(ACME, "alice", "get", "web");
            webhook.authorize(wanted);
            assertThat(webhook.authorize(wanted)).isEqualTo(new Decision.Allow("asked"));
            assertThat(server.calls).hasValue(1);
            server.close();
            assertThat(webhook.authorize(wanted)).isEqualTo(new Decision.Allow("asked"));
            assertThat(webhook.authorize(pods(ACME, "alice", "get", "elsewhere")))
                    .isInstanceOf(Decision.NoOpinion.class);
        }
    }

    @Nested
    class Allow extends AuthorizerConformance {
        @Override
        protected Authorizer authorizer() {
            return new AlwaysAllow();
        }

        @Override
        protected Kind kind() {
            return Kind.ALWAYS;
        }
    }

    @Nested
    class Deny extends AuthorizerConformance {
        @Override
        protected Authorizer authorizer() {
            return new AlwaysDeny();
        }

        @Override
        protected Kind kind() {
            return Kind.NEVER;
        }
    }

    /** A kubelet's rights; alice is none. */
    @Nested
    class Node extends AuthorizerConformance {
        private final MemoryClient client = new MemoryClient();
        private NodeAuthorizer node;

        @BeforeEach
        void start() throws InterruptedException {
            node = new NodeAuthorizer(client).start();
            node.awaitSynced();
        }

        @AfterEach
        void end() {
            node.close();
        }

        @Override
        protected Authorizer authorizer() {
            return node;
        }

        @Override
        protected Kind kind() {
            return Kind.NEVER;
        }

        @Test
        void aKubeletReadsWhatItsPodsUse() {
            pod("web", "n1", "mine");
            pod("other", "n2", "theirs");
            await().untilAsserted(() -> assertAllowed(true, "n1", "get", "secrets", "mine"));
            assertAllowed(false, "n1", "get", "secrets", "theirs");
            assertAllowed(false, "n1", "list", "secrets", "");
            assertAllowed(false, "n1", "update", "secrets", "mine");
            assertAllowed(true, "n1", "get", "configmaps", "settings-mine");
            assertAllowed(true, "n1", "get", "persistentvolumeclaims", "claim-mine");
            assertAllowed(false, "n2", "get", "configmaps", "settings-mine");
            assertThat(node.authorize(request("n1", "create", "serviceaccounts", "token", "robot")))
                    .isInstanceOf(Decision.Allow.class);
            assertThat(node.authorize(request("n1", "create", "serviceaccounts", "token", "root")))
                    .isInstanceOf(Decision.NoOpinion.class);
            assertAllowed(true, "n1", "list", "pods", "");
            client.delete(
                    BuiltinTypes.PODS,
                    new ObjectKey(Tenant.SYSTEM, "default", "web"),
                    io.hypernetes.api.client.DeleteOptions.NOW);
            await().untilAsserted(() -> assertAllowed(false, "n1", "get", "secrets", "mine"));
        }

        /** A machine runs pods of all tenants, and reads in each world what its pods there use. */
        @Test
        void whatPodsUseIsOfTheirOwnTenant() {
            pod("web", "n1", "mine");
            await().untilAsserted(() -> assertAllowed(true, "n1", "get", "secrets", "mine"));
            UserInfo kubelet =
                    new UserInfo("system:node:n1", "", List.of("system:nodes"), Map.of());
            Attributes elsewhere =
                    new Attributes(
                            kubelet, ACME, "get", "", "v1", "secrets", "", "default", "mine", "");
            assertThat(node.authorize(elsewhere)).isInstanceOf(Decision.NoOpinion.class);
            pod(ACME, "web", "n1", "mine");
            await().untilAsserted(() ->
                    assertThat(node.authorize(elsewhere)).isInstanceOf(Decision.Allow.class));
        }

        private void assertAllowed(
                boolean allowed, String of, String verb, String resource, String name) {
            assertThat(
                            node.authorize(request(of, verb, resource, "", name))
                                    instanceof Decision.Allow)
                    .as(of + " " + verb + " " + resource + " " + name)
                    .isEqualTo(allowed);
        }

        private static Attributes request(
                String of, String verb, String resource, String subresource, String name) {
            UserInfo kubelet =
                    new UserInfo("system:node:" + of, "", List.of("system:nodes"), Map.of());
            return new Attributes(
                    kubelet,
                    Tenant.SYSTEM,
                    verb,
                    "",
                    "v1",
                    resource,
                    subresource,
                    "default",
                    name,
                    "");
        }

        private void pod(String name, String of, String secret) {
            pod(Tenant.SYSTEM, name, of, secret);
        }

        private void pod(Tenant tenant, String name, String of, String secret) {
            ObjectNode pod = Json.object();
            pod.putObject("metadata").put("name", name).put("namespace", "default");
            ObjectNode spec = pod.putObject("spec");
            spec.put("nodeName", of).put("serviceAccountName", "robot");
            spec.putArray("volumes")
                    .addObject()
                    .put("name", "s")
                    .putObject("secret")
                    .put("secretName", secret);
            spec.withArray("volumes")
                    .addObject()
                    .put("name", "c")
                    .putObject("persistentVolumeClaim")
                    .put("claimName", "claim-" + secret);
            spec.putArray("containers")
                    .addObject()
                    .putArray("envFrom")
                    .addObject()
                    .putObject("configMapRef")
                    .put("name", "settings-" + secret);
            ResourceType pods = BuiltinTypes.PODS;
            client.create(pods, tenant, pod);
        }
    }

    @TempDir Path folder;

    @Test
    void thePolicyFileIsReadAgain() throws IOException {
        Path file = folder.resolve("policy.jsonl");
        Files.writeString(file, "{\"user\":\"bob\",\"readonly\":true}\n");
        AbacAuthorizer abac = new AbacAuthorizer(file);
        Attributes get = AuthorizerConformance.pods(Tenant.SYSTEM, "bob", "get", "any");
        Attributes delete = AuthorizerConformance.pods(Tenant.SYSTEM, "bob", "delete", "any");
        assertThat(abac.authorize(get)).isInstanceOf(Decision.Allow.class);
        assertThat(abac.authorize(delete)).isInstanceOf(Decision.NoOpinion.class);
        assertThat(abac.authorize(AuthorizerConformance.pods(ACME, "bob", "get", "any")))
                .as("a line without a tenant is about the operator's world")
                .isInstanceOf(Decision.NoOpinion.class);
        Files.writeString(file, "{\"user\":\"bob\"}\n");
        await().untilAsserted(() ->
                assertThat(abac.authorize(delete)).isInstanceOf(Decision.Allow.class));
        Files.writeString(file, "{\"user\":");
        assertThat(abac.authorize(delete)).isInstanceOf(Decision.Allow.class);
        assertThatThrownBy(() -> new AbacAuthorizer(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("line 1");
    }

    /** The lines of upstream's documentation. */
    @Test
    void theFirstVersionsLinesMeanWhatTheyMeant() throws IOException {
        Path file = folder.resolve("policy.jsonl");
        Files.writeString(
                file,
                """
                {"user":"alice"}
                {"user":"kubelet","resource":"pods","readonly":true}
                {"user":"kubelet","resource":"events"}
                {"user":"bob","resource":"pods","readonly":true,"namespace":"projectCaribou"}
                """);
        AbacAuthorizer abac = new AbacAuthorizer(file);
        assertThat(pods(abac, "alice", "delete", "any")).isTrue();
        assertThat(pods(abac, "kubelet", "get", "any")).isTrue();
        assertThat(pods(abac, "kubelet", "delete", "any")).isFalse();
        assertThat(pods(abac, "bob", "get", "projectCaribou")).isTrue();
        assertThat(pods(abac, "bob", "get", "other")).isFalse();
        assertThat(pods(abac, "carol", "get", "any")).isFalse();
    }

    private static boolean pods(AbacAuthorizer abac, String user, String verb, String namespace) {
        return abac.authorize(AuthorizerConformance.pods(Tenant.SYSTEM, user, verb, namespace))
                instanceof Decision.Allow;
    }
}
