package io.hypernetes.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.Attributes;
import io.hypernetes.api.access.Authorizer.Decision;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.identity.account.MemberRole;
import io.hypernetes.identity.rbac.RbacAuthorizer;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;

final class AuthControllerTest {

    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant GLOBEX = new Tenant("globex");

    private final MemoryClient client = new MemoryClient();
    private final Users users = new Users(client);
    private final RbacAuthorizer rbac = new RbacAuthorizer(client);
    private AuthController controller;

    @BeforeEach
    void start() throws Exception {
        SystemWorld.bootstrap(client);
        for (Tenant tenant : List.of(ACME, GLOBEX)) {
            ObjectKey key = new ObjectKey(Tenant.SYSTEM, "", tenant.name());
            client.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, Objects.named(key));
        }
        rbac.start().awaitSynced();
        controller = new AuthController(client, WorldTypes.BUILTIN).start();
    }

    @AfterEach
    void stop() {
        controller.close();
        rbac.close();
    }

    @Test
    void aMemberMayCreateNamespacesInTheTenantAlone() {
        users.create("alice", ACME, MemberRole.MEMBER, "pw");

        await().until(() -> may("alice", ACME, "create", "namespaces", ""));
        assertThat(may("alice", ACME, "list", "namespaces", "")).isTrue();
        assertThat(may("alice", ACME, "delete", "namespaces", "other")).isFalse();
        assertThat(may("alice", ACME, "list", "pods", "default")).isFalse();
        assertThat(may("alice", GLOBEX, "list", "namespaces", "")).isFalse();
        assertThat(may("alice", Tenant.SYSTEM, "list", "namespaces", "")).isFalse();
    }

    @Test
    void theCreatorOfANamespaceMayDoEverythingInItAndDeleteIt() {
        users.create("alice@domain", ACME, MemberRole.MEMBER, "pw");
        users.create("bob", ACME, MemberRole.MEMBER, "pw");
        namespace(ACME, "web", "alice@domain");
        namespace(GLOBEX, "web", "carol");

        await().until(() -> may("alice@domain", ACME, "create", "pods", "web"));
        assertThat(may("alice@domain", ACME, "delete", "namespaces", "web")).isTrue();
        assertThat(may("bob", ACME, "get", "pods", "web")).isFalse();
        assertThat(may("alice@domain", GLOBEX, "get", "pods", "web")).isFalse();
    }

    @Test
    void anAdminMayDoEverythingInTheTenantAndAReaderSees() {
        users.create("root", ACME, MemberRole.ADMIN, "pw");
        users.create("eve", ACME, MemberRole.READER, "pw");

        await().until(() -> may("root", ACME, "delete", "secrets", "any"));
        await().until(() -> may("eve", ACME, "list", "pods", "any"));
        assertThat(may("eve", ACME, "get", "secrets", "any")).isFalse();
        assertThat(may("eve", ACME, "create", "pods", "any")).isFalse();
        assertThat(may("root", GLOBEX, "get", "pods", "any")).isFalse();
    }

    @Test
    void changesByOtherHandsAreRepaired() {
        users.create("alice", ACME, MemberRole.MEMBER, "pw");
        namespace(ACME, "web", "alice");
        await().until(() -> may("alice", ACME, "create", "pods", "web"));
        ObjectKey role = new ObjectKey(ACME, "web", OwnedRbac.NAMESPACE_ROLE);
        ObjectNode tampered = client.get(BuiltinTypes.ROLES, role);
        tampered.putArray("rules");
        client.update(BuiltinTypes.ROLES, ACME, tampered);
        delete(BuiltinTypes.ROLE_BINDINGS, ACME, "web", OwnedRbac.NAMESPACE_BINDING);
        delete(BuiltinTypes.CLUSTER_ROLES, ACME, "", OwnedRbac.NAMESPACE_CREATER);

        await().until(() -> may("alice", ACME, "create", "pods", "web"));
        await().until(() -> may("alice", ACME, "create", "namespaces", ""));
    }

    @Test
    void whoLeavesATenantLosesEverythingInItAndKeepsTheRest() {
        users.create("alice", ACME, MemberRole.MEMBER, "pw");
        users.join("alice", GLOBEX, MemberRole.ADMIN);
        namespace(ACME, "web", "alice");
        await().until(() -> may("alice", ACME, "create", "pods", "web"));
        await().until(() -> may("alice", GLOBEX, "create", "pods", "web"));

        new Memberships(client).end(ACME);

        await().until(() -> !may("alice", ACME, "create", "pods", "web"));
        await().until(() -> !may("alice", ACME, "list", "namespaces", ""));
        assertThat(may("alice", GLOBEX, "create", "pods", "web")).isTrue();
    }

    @Test
    void anotherRoleReplacesTheBinding() {
        users.create("alice", ACME, MemberRole.ADMIN, "pw");
        await().until(() -> may("alice", ACME, "delete", "pods", "web"));
        users.join("alice", ACME, MemberRole.READER);

        await().until(() -> !may("alice", ACME, "delete", "pods", "web"));
        await().until(() -> may("alice", ACME, "get", "pods", "web"));
    }

    @Test
    void aDeletedUserTakesBindingsNamespacesAndPasswordAlong() {
        users.create("alice", ACME, MemberRole.MEMBER, "pw");
        users.create("bob", ACME, MemberRole.MEMBER, "pw");
        namespace(ACME, "web", "alice");
        namespace(ACME, "bobs", "bob");
        await().until(() -> may("alice", ACME, "create", "pods", "web"));
        await().until(() -> !Metadata.finalizers(user("alice")).isEmpty());

        delete(BuiltinTypes.USERS, Tenant.SYSTEM, "", "alice");

        await().until(() -> !exists(BuiltinTypes.USERS, Tenant.SYSTEM, "", "alice"));
        assertThat(exists(BuiltinTypes.NAMESPACES, ACME, "", "web")).isFalse();
        assertThat(exists(BuiltinTypes.SECRETS, Tenant.SYSTEM, "hypernetes-users", "alice"))
                .isFalse();
        assertThat(exists(BuiltinTypes.CLUSTER_ROLE_BINDINGS, ACME, "", "alice-namespace-creater"))
                .isFalse();
        assertThat(exists(BuiltinTypes.NAMESPACES, ACME, "", "bobs")).isTrue();
        assertThat(exists(BuiltinTypes.SECRETS, Tenant.SYSTEM, "hypernetes-users", "bob")).isTrue();
    }

    @Test
    void whatAUserIsStandsInTheStatusAndInEvents() {
        users.create("alice", ACME, MemberRole.MEMBER, "pw");
        await().until(() -> ready("alice").equals("Member: member of acme"));
        users.join("alice", new Tenant("missing"), MemberRole.READER);
        await().until(() -> ready("alice").equals("TenantNotFound: there is no tenant missing"));
        client.create(
                BuiltinTypes.TENANTS,
                Tenant.SYSTEM,
                Objects.named(new ObjectKey(Tenant.SYSTEM, "", "missing")));
        await().until(() -> ready("alice").equals("Member: member of acme, reader of missing"));
        assertThat(client.list(BuiltinTypes.EVENTS, Selection.of(Tenant.SYSTEM)).items())
                .extracting(event -> event.object().path("reason").asString(""))
                .contains("Member", "TenantNotFound");
    }

    private String ready(String name) {
        for (JsonNode condition : user(name).path("status").path("conditions")) {
            if (condition.path("type").asString("").equals("Ready")) {
                return condition.path("reason").asString("")
                        + ": "
                        + condition.path("message").asString("");
            }
        }
        return "";
    }

    @Test
    void whatChangedWhileItWasDownIsFoundAtTheStart() {
        users.create("alice", ACME, MemberRole.MEMBER, "pw");
        await().until(() -> may("alice", ACME, "create", "namespaces", ""));
        controller.close();
        users.join("alice", GLOBEX, MemberRole.MEMBER);
        assertThat(new Memberships(client).end(ACME)).as("who goes with it").isEmpty();

        controller = new AuthController(client, WorldTypes.BUILTIN).start();

        await().until(() -> !may("alice", ACME, "create", "namespaces", ""));
        await().until(() -> may("alice", GLOBEX, "create", "namespaces", ""));
    }

    private void namespace(Tenant tenant, String name, String creator) {
        ObjectNode namespace = Objects.named(new ObjectKey(tenant, "", name));
        Metadata.ensureAnnotations(namespace).put(AuthController.CREATOR, creator);
        client.create(BuiltinTypes.NAMESPACES, tenant, namespace);
    }

    private ObjectNode user(String name) {
        return client.get(BuiltinTypes.USERS, new ObjectKey(Tenant.SYSTEM, "", name));
    }

    private void delete(ResourceType type, Tenant tenant, String namespace, String name) {
        client.delete(type, new ObjectKey(tenant, namespace, name), DeleteOptions.NOW);
    }

    private boolean exists(ResourceType type, Tenant tenant, String namespace, String name) {
        return client.find(type, new ObjectKey(tenant, namespace, name)).isPresent();
    }

    /** A namespace is asked for in itself, as the server does it. */
    private boolean may(
            String name, Tenant tenant, String verb, String resource, String namespace) {
        UserInfo user = new UserInfo(name, "", List.of(UserInfo.AUTHENTICATED), Map.of());
        String object = resource.equals("namespaces") ? namespace : "";
        return rbac.authorize(
                        new Attributes(
                                user, tenant, verb, "", "v1", resource, "", namespace, object, ""))
                instanceof Decision.Allow;
    }
}
