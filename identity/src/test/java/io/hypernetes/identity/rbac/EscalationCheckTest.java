package io.hypernetes.identity.rbac;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.Tenant;
import io.hypernetes.api.access.UserInfo;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Map;
import java.util.Optional;

final class EscalationCheckTest {

    private static final Tenant ACME = new Tenant("acme");
    private static final UserInfo ALICE =
            new UserInfo("alice", "", List.of("system:authenticated"), Map.of());
    private static final Rule ALL_PODS =
            Rule.resources(List.of(""), List.of("pods", "pods/log"), List.of("*"));

    private final MemoryClient client = new MemoryClient();
    private final RbacAuthorizer authorizer = new RbacAuthorizer(client);
    private final EscalationCheck check = new EscalationCheck(authorizer);
    private final RbacObjects objects = new RbacObjects(client);

    @BeforeEach
    void start() throws Exception {
        objects.role(ACME, "web", "pods", ALL_PODS);
        objects.role(
                ACME, "", "powerful", Rule.resources(List.of("*"), List.of("*"), List.of("*")));
        objects.bind(ACME, "web", "alice", "Role", "pods", "User", "alice");
        authorizer.start().awaitSynced();
    }

    @AfterEach
    void stop() {
        authorizer.close();
    }

    @Test
    void whatOneHasOneMayGrant() {
        ObjectNode role =
                RbacObjects.roleTree(
                        "web", "r", Rule.resources(List.of(""), List.of("pods"), List.of("get")));

        assertThatCode(() -> check.check(ALICE, ACME, BuiltinTypes.ROLES, role, Optional.empty()))
                .doesNotThrowAnyException();
    }

    @Test
    void whatOneLacksIsNamedInUpstreamsWords() {
        ObjectNode role =
                RbacObjects.roleTree(
                        "web",
                        "r",
                        Rule.resources(
                                List.of(""), List.of("secrets", "pods"), List.of("get", "list")));

        assertThatThrownBy(
                        () -> check.check(ALICE, ACME, BuiltinTypes.ROLES, role, Optional.empty()))
                .hasMessage(
                        "roles.rbac.authorization.k8s.io \"r\" is forbidden: user \"alice\""
                                + " (groups=[\"system:authenticated\"]) is attempting to grant RBAC"
                                + " permissions not currently held:\n"
                                + "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\""
                                + " \"list\"]}");
    }

    @Test
    void bindingAStrongerRoleIsForbiddenAndTheSameBindingAgainIsNot() {
        ObjectNode binding =
                RbacObjects.bindingTree("web", "b", "ClusterRole", "powerful", "User", "alice");

        assertThatThrownBy(() ->
                        check.check(
                                ALICE, ACME, BuiltinTypes.ROLE_BINDINGS, binding, Optional.empty()))
                .hasMessageContaining("{APIGroups:[\"*\"], Resources:[\"*\"], Verbs:[\"*\"]}");
        assertThatCode(() ->
                        check.check(
                                ALICE,
                                ACME,
                                BuiltinTypes.ROLE_BINDINGS,
                                binding,
                                Optional.of(binding)))
                .doesNotThrowAnyException();
    }

    @Test
    void rightsOfAnotherNamespaceDoNotCount() {
        ObjectNode role = RbacObjects.roleTree("other", "r", ALL_PODS);

        assertThatThrownBy(
                        () -> check.check(ALICE, ACME, BuiltinTypes.ROLES, role, Optional.empty()))
                .hasMessageContaining("not currently held");
    }
}
