package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEException;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.httpclient.RemoteClient;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Kinds of credentials and of deciders, asked of the command {@code server} itself. */
class CredentialKindsIT {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String GROUP = "rbac.authorization.k8s.io";

    private static AccessServer server;
    private static RemoteClient operator;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        server = AccessServer.get();
        operator = server.operatorClient();
    }

    @AfterAll
    static void end() {
        if (operator != null) {
            operator.close();
        }
    }

    @Test
    void policiesAreReadAgainAndRolesAreAskedNext() throws IOException {
        Path policies = server.policies();
        try (RemoteClient tina = client("tina", "tinas-token")) {
            assertThat(reason(tina, MAPS)).isEqualTo("Forbidden");
            Files.writeString(policies, policy("tina", "configmaps"));
            AccessServer.until(() -> reason(tina, MAPS).isEmpty());
            String secrets = MAPS.replace("configmaps", "secrets");
            assertThat(reason(tina, secrets)).isEqualTo("Forbidden");

            bind(Tenant.SYSTEM, "tina-is-admin", "User", "tina", "admin");
            AccessServer.until(() -> reason(tina, secrets).isEmpty());
            operator.delete(
                    BuiltinTypes.CLUSTER_ROLE_BINDINGS,
                    new ObjectKey(Tenant.SYSTEM, "", "tina-is-admin"),
                    DeleteOptions.NOW);
            AccessServer.until(() -> reason(tina, secrets).equals("Forbidden"));

            Files.writeString(policies, "{ no policy");
            Files.writeString(policies, policy("tina", "secrets"));
            AccessServer.until(() -> reason(tina, secrets).isEmpty());
            AccessServer.until(() -> reason(tina, MAPS).equals("Forbidden"));
        }
    }

    /** In the order of the option: ABAC, Webhook, RBAC, AlwaysDeny. */
    @Test
    void theFirstWhoAllowsOrDeniesDecides() throws IOException {
        bind(Tenant.SYSTEM, "dora-is-admin", "User", "dora", "admin");
        try (RemoteClient wanda = client("wanda", "wandas-token");
                RemoteClient dora = client("dora", "doras-token")) {
            AccessServer.until(() -> reason(wanda, MAPS).isEmpty());
            assertThat(reason(dora, MAPS))
                    .as("denied before roles are asked")
                    .isEqualTo("Forbidden");
            Files.writeString(server.policies(), policy("dora", "configmaps"));
            AccessServer.until(() -> reason(dora, MAPS).isEmpty());
            Files.writeString(server.policies(), "");
            AccessServer.until(() -> reason(dora, MAPS).equals("Forbidden"));
        }
    }

    private static String policy(String user, String resource) {
        return """
        {"apiVersion": "abac.authorization.kubernetes.io/v1beta1", "kind": "Policy", \
        "spec": {"user": "%s", "namespace": "default", "resource": "%s", "readonly": true}}
        """
                .formatted(user, resource);
    }

    private static String reason(RemoteClient client, String path) {
        try {
            client.send("GET", path, Optional.empty(), "");
            return "";
        } catch (ApiException e) {
            return e.status().reason().text();
        }
    }

    @Test
    void claimsOfAnOidcTokenAreUserGroupsAndTenant() throws JOSEException {
        Tenant tenant = tenant("oidcs");
        bind(tenant, "devs-see", "Group", "oidc:devs", "view");
        String token = server.oidc().token("ida@example.com", List.of("devs"), "oidcs");
        try (RemoteClient ida = client("ida", token)) {
            AccessServer.until(() -> reason(ida, MAPS).isEmpty());
            JsonNode self = whoami(ida);
            assertThat(self.path("username").asString("")).isEqualTo("oidc:ida@example.com");
            assertThat(self.path("groups").toString())
                    .contains("oidc:devs", "system:authenticated");
            assertThat(reason(ida, MAPS.replace("configmaps", "secrets"))).isEqualTo("Forbidden");
            assertThat(reason(ida, "/tenants/system" + MAPS)).isEqualTo("Forbidden");
        }
        try (RemoteClient forged = client("ida", token.substring(0, token.length() - 8))) {
            assertThat(reason(forged, MAPS)).isEqualTo("Unauthorized");
        }
    }

    @Test
    void aBootstrapTokenLivesAsLongAsItsSecret() {
        ObjectNode secret = Json.object();
        secret.putObject("metadata")
                .put("name", "bootstrap-token-abcdef")
                .put("namespace", "kube-system");
        secret.put("type", "bootstrap.kubernetes.io/token");
        secret.putObject("stringData")
                .put("token-id", "abcdef")
                .put("token-secret", "0123456789abcdef")
                .put("usage-bootstrap-authentication", "true")
                .put("expiration", Instant.now().plusSeconds(3600).toString())
                .put("auth-extra-groups", "system:bootstrappers:workers");
        operator.create(BuiltinTypes.SECRETS, Tenant.SYSTEM, secret);
        try (RemoteClient joining = client("joining", "abcdef.0123456789abcdef")) {
            AccessServer.until(() -> !reason(joining, MAPS).equals("Unauthorized"));
            JsonNode self = whoami(joining);
            assertThat(self.path("username").asString("")).isEqualTo("system:bootstrap:abcdef");
            assertThat(self.path("groups").toString())
                    .contains("system:bootstrappers", "system:bootstrappers:workers");
            operator.delete(
                    BuiltinTypes.SECRETS,
                    new ObjectKey(Tenant.SYSTEM, "kube-system", "bootstrap-token-abcdef"),
                    DeleteOptions.NOW);
            AccessServer.until(() -> reason(joining, MAPS).equals("Unauthorized"));
        }
    }

    @Test
    void whoMayImpersonateActsAsAnotherAndNoHeaderFromOutsideMakesSomebody()
            throws IOException, InterruptedException, JOSEException {
        Tenant tenant = tenant("masks");
        bind(tenant, "pia-sees", "User", "pia", "view");
        String token = server.oidc().token("max@example.com", List.of("masks"), "masks");
        assertThat(status(token, MAPS, "Impersonate-User", "pia")).isEqualTo(403);
        bind(tenant, "max-is-all", "User", "oidc:max@example.com", "cluster-admin");
        AccessServer.until(() -> status(token, MAPS, "Impersonate-User", "pia") == 200);
        assertThat(status(token, MAPS.replace("configmaps", "secrets"), "Impersonate-User", "pia"))
                .as("as pia, who may not")
                .isEqualTo(403);
        assertThat(status(token, MAPS, "Impersonate-Group", "system:masters"))
                .as("a group without a user")
                .isEqualTo(400);
        assertThat(status(token, MAPS, "Impersonate-User", "system:kube-scheduler")).isEqualTo(403);
        assertThat(status(token, "/tenants/system" + MAPS, "Impersonate-User", "system:admin"))
                .as("the world stays")
                .isEqualTo(403);
        for (String header : List.of("X-Remote-User", "X-Remote-Group", "X-Forwarded-User")) {
            assertThat(status("", MAPS, header, "system:masters")).isIn(401, 403);
        }
    }

    private static int status(String token, String path, String header, String value)
            throws IOException, InterruptedException {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(URI.create(server.operator().server() + path))
                        .header(header, value);
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        try (HttpClient http = HttpClient.newBuilder().sslContext(server.trust()).build()) {
            return http.send(request.build(), BodyHandlers.discarding()).statusCode();
        }
    }

    private static Tenant tenant(String name) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("name", name);
        operator.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, object);
        Tenant tenant = new Tenant(name);
        AccessServer.until(() ->
                operator.find(BuiltinTypes.NAMESPACES, new ObjectKey(tenant, "", "default"))
                        .isPresent());
        return tenant;
    }

    private static void bind(
            Tenant world, String name, String kind, String subject, String clusterRole) {
        ObjectNode binding = Json.object();
        binding.putObject("metadata").put("name", name);
        binding.putArray("subjects")
                .addObject()
                .put("apiGroup", GROUP)
                .put("kind", kind)
                .put("name", subject);
        binding.putObject("roleRef")
                .put("apiGroup", GROUP)
                .put("kind", "ClusterRole")
                .put("name", clusterRole);
        operator.create(BuiltinTypes.CLUSTER_ROLE_BINDINGS, world, binding);
    }

    private static RemoteClient client(String user, String token) {
        return new RemoteClient(server.access(user, token));
    }

    private static JsonNode whoami(RemoteClient client) {
        ObjectNode review = Json.object();
        review.put("apiVersion", "authentication.k8s.io/v1").put("kind", "SelfSubjectReview");
        return client.send(
                        "POST",
                        "/apis/authentication.k8s.io/v1/selfsubjectreviews",
                        Optional.of(review),
                        "application/json")
                .at("/status/userInfo");
    }
}
