package io.hypernetes.identity.rbac;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

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
    void whoMakesARoleOfOthersMustHaveEverything() {
        ObjectNode role = RbacObjects.roleTree("", "mine");
        ObjectNode gathering = role.deepCopy();
        gathering
                .putObject("aggregationRule")
                .putArray("clusterRoleSelectors")
                .addObject()
                .putObject("matchLabels")
                .put("a", "b");

        for (Optional<ObjectNode> old : List.of(Optional.<ObjectNode>empty(), Optional.of(role))) {
            assertThatThrownBy(() ->
                            check.check(ALICE, ACME, BuiltinTypes.CLUSTER_ROLES, gathering, old))
                    .hasMessage(
                            "clusterroles.rbac.authorization.k8s.io \"mine\" is forbidden: must"
                                    + " have cluster-admin privileges to use the aggregationRule");
        }
        UserInfo root = new UserInfo("root", "", List.of(), Map.of());
        objects.role(
                ACME,
                "",
                "everything",
                Rule.resources(List.of("*"), List.of("*"), List.of("*")),
                Rule.paths(List.of("*"), List.of("*")));
        objects.bind(ACME, "", "root", "ClusterRole", "everything", "User", "root");
        await().untilAsserted(() ->
                assertThatCode(() ->
                                check.check(
                                        root,
                                        ACME,
                                        BuiltinTypes.CLUSTER_ROLES,
                                        gathering,
                                        Optional.empty()))
                        .doesNotThrowAnyException());
    }

    @Test
    void aLabelMayGrantAndWhatHoldsAnObjectDoesNot() {
        ObjectNode powerful =
                RbacObjects.roleTree(
                        "", "powerful", Rule.resources(List.of("*"), List.of("*"), List.of("*")));
        ObjectNode labelled = powerful.deepCopy();
        labelled.withObject("metadata")
                .putObject("labels")
                .put(DefaultRoles.AGGREGATE_TO + "view", "true");
        assertThatThrownBy(() ->
                        check.check(
                                ALICE,
                                ACME,
                                BuiltinTypes.CLUSTER_ROLES,
                                labelled,
                                Optional.of(powerful)))
                .hasMessageContaining("not currently held");

        ObjectNode held = powerful.deepCopy();
        held.withObject("metadata").put("resourceVersion", "7").putArray("finalizers").add("a/b");
        assertThatCode(() ->
                        check.check(
                                ALICE,
                                ACME,
                                BuiltinTypes.CLUSTER_ROLES,
                                held,
                                Optional.of(powerful)))
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
