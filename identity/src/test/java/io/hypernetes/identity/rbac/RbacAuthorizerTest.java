package io.hypernetes.identity.rbac;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer.Decision;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

final class RbacAuthorizerTest {

    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant GLOBEX = new Tenant("globex");

    private final MemoryClient client = new MemoryClient();
    private final RbacAuthorizer authorizer = new RbacAuthorizer(client);
    private final RbacObjects objects = new RbacObjects(client);

    @BeforeEach
    void start() throws Exception {
        DefaultRoles.clusterRoles()
                .forEach(r -> client.create(BuiltinTypes.CLUSTER_ROLES, Tenant.SYSTEM, r));
        DefaultRoles.clusterRoleBindings()
                .forEach(b -> client.create(BuiltinTypes.CLUSTER_ROLE_BINDINGS, Tenant.SYSTEM, b));
        authorizer.start().awaitSynced();
    }

    @AfterEach
    void stop() {
        authorizer.close();
    }

    @Test
    void aRoleBindingHoldsInItsNamespaceOfItsWorldAlone() {
        objects.role(ACME, "web", "reader", Rule.resources(List.of(""), List.of("pods"), GET));
        objects.bind(ACME, "web", "alice-reads", "Role", "reader", "User", "alice");

        await().until(() -> allowed(alice(), ACME, "get", "pods", "web"));
        assertThat(allowed(alice(), ACME, "get", "pods", "other")).isFalse();
        assertThat(allowed(alice(), ACME, "get", "pods", "")).isFalse();
        assertThat(allowed(alice(), ACME, "list", "pods", "web")).isFalse();
        assertThat(allowed(alice(), GLOBEX, "get", "pods", "web")).isFalse();
        assertThat(allowed(alice(), Tenant.SYSTEM, "get", "pods", "web")).isFalse();
        assertThat(allowed(user("bob"), ACME, "get", "pods", "web")).isFalse();
    }

    @Test
    void adminOfATenantMayDoAnythingThereAndNothingElsewhere() {
        objects.bind(
                ACME, "", "alice-tenant-admin", "ClusterRole", "cluster-admin", "User", "alice");

        await().until(() -> allowed(alice(), ACME, "delete", "secrets", "web"));
        assertThat(allowed(alice(), ACME, "create", "namespaces", "")).isTrue();
        assertThat(allowed(alice(), GLOBEX, "get", "pods", "web")).isFalse();
        assertThat(allowed(alice(), Tenant.SYSTEM, "list", "tenants", "")).isFalse();
    }

    @Test
    void everyoneAuthenticatedMayDiscoverInEveryWorld() {
        await().until(() -> path(alice(), ACME, "/apis/apps/v1"));
        assertThat(path(alice(), ACME, "/metrics")).isFalse();
        UserInfo anonymous =
                new UserInfo(UserInfo.ANONYMOUS, "", List.of(UserInfo.UNAUTHENTICATED), Map.of());
        assertThat(path(anonymous, Tenant.SYSTEM, "/version")).isTrue();
        assertThat(path(anonymous, Tenant.SYSTEM, "/apis")).isFalse();
    }

    @Test
    void mastersMayDoAnything() {
        UserInfo operator = new UserInfo("operator", "", List.of(UserInfo.MASTERS), Map.of());

        assertThat(allowed(operator, GLOBEX, "delete", "pods", "web")).isTrue();
    }

    @Test
    void aServiceAccountOfTheSameNameInAnotherWorldIsAnother() {
        objects.bind(ACME, "", "robot", "ClusterRole", "edit", "ServiceAccount", "web/robot");
        UserInfo robot = user("system:serviceaccount:web:robot");

        await().until(() -> allowed(robot, ACME, "create", "pods", "any"));
        assertThat(allowed(robot, GLOBEX, "create", "pods", "any")).isFalse();
    }

    @Test
    void whatATenantLabelsAsADefaultIsNotProjected() {
        objects.shared(GLOBEX, "evil", Rule.resources(List.of("*"), List.of("*"), List.of("*")));
        objects.bind(GLOBEX, "", "evil", "ClusterRole", "evil", "Group", "system:authenticated");

        await().until(() -> allowed(alice(), GLOBEX, "get", "pods", "web"));
        assertThat(allowed(alice(), ACME, "get", "pods", "web")).isFalse();
    }

    @Test
    void aMissingRoleIsNamedInTheReason() {
        objects.bind(ACME, "", "dangling", "ClusterRole", "gone", "User", "alice");

        await().untilAsserted(() ->
                assertThat(decide(alice(), ACME, "get", "pods", "web"))
                        .isEqualTo(
                                new Decision.NoOpinion(
                                        "RBAC:"
                                                + " clusterrole.rbac.authorization.k8s.io"
                                                + " \"gone\" not found")));
    }

    @Test
    void deletingABindingTakesTheRightAway() {
        objects.bind(ACME, "", "a", "ClusterRole", "view", "User", "alice");
        await().until(() -> allowed(alice(), ACME, "get", "pods", "web"));
        client.delete(
                BuiltinTypes.CLUSTER_ROLE_BINDINGS,
                new ObjectKey(ACME, "", "a"),
                DeleteOptions.NOW);

        await().until(() -> !allowed(alice(), ACME, "get", "pods", "web"));
    }

    @Test
    void aViewerSeesNoSecrets() {
        objects.bind(ACME, "", "a", "ClusterRole", "view", "User", "alice");

        await().until(() -> allowed(alice(), ACME, "list", "pods", "web"));
        assertThat(allowed(alice(), ACME, "get", "secrets", "web")).isFalse();
        assertThat(allowed(alice(), ACME, "create", "pods", "web")).isFalse();
    }

    private static final List<String> GET = List.of("get");

    private static UserInfo alice() {
        return user("alice");
    }

    private static UserInfo user(String name) {
        return new UserInfo(name, "", List.of(UserInfo.AUTHENTICATED), Map.of());
    }

    private boolean allowed(
            UserInfo user, Tenant tenant, String verb, String resource, String namespace) {
        return decide(user, tenant, verb, resource, namespace) instanceof Decision.Allow;
    }

    private Decision decide(
            UserInfo user, Tenant tenant, String verb, String resource, String namespace) {
        String group = resource.equals("tenants") ? "hypernetes.io" : "";
        return authorizer.authorize(
                new Attributes(user, tenant, verb, group, "v1", resource, "", namespace, "", ""));
    }

    private boolean path(UserInfo user, Tenant tenant, String path) {
        return authorizer.authorize(
                        new Attributes(user, tenant, "get", "", "", "", "", "", "", path))
                instanceof Decision.Allow;
    }
}
