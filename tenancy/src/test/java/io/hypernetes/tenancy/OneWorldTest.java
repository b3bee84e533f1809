package io.hypernetes.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Scope;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.memoryclient.MemoryClient;
import io.hypernetes.memoryclient.MortalClient;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The auth-controller in one world whose users are objects of it, as the seed has it. */
final class OneWorldTest {

    private static final Tenant WORLD = Tenant.SYSTEM;
    private static final ResourceType USERS =
            UserSource.ofWorlds(
                            new MemoryClient(), UserSource.THIRD_PARTY, "users", Scope.NAMESPACED)
                    .type();
    private static final int MANY = 5_000;

    private final MemoryClient client = new MemoryClient();

    @Test
    void aUserIsANamespaceCreaterUntilTheObjectIsDeleted() {
        try (AuthController _ = controller(client)) {
            user("alice", "alice chen");
            until(() ->
                    has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", "alice chen-namespace-creater"));
            ObjectNode binding =
                    get(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", "alice chen-namespace-creater");
            assertThat(binding.at("/subjects/0/name").asString()).isEqualTo("alice chen");
            assertThat(binding.at("/roleRef/name").asString()).isEqualTo("namespace-creater");
            assertThat(get(BuiltinTypes.CLUSTER_ROLES, "", "namespace-creater").at("/rules/0"))
                    .hasToString(
                            "{\"apiGroups\":[\"\"],\"resources\":[\"namespaces\"],"
                                    + "\"verbs\":[\"create\",\"get\",\"list\",\"watch\"]}");

            namespace("web", "alice chen");
            until(() -> has(BuiltinTypes.ROLE_BINDINGS, "web", "namespace-binding"));
            assertThat(
                            get(BuiltinTypes.ROLES, "web", "access-resources-within-namespace")
                                    .at("/rules/0/verbs/0")
                                    .asString())
                    .isEqualTo("*");

            delete(USERS, "default", "alice");
            until(() -> !has(USERS, "default", "alice"));
            assertThat(has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", "alice chen-namespace-creater"))
                    .isFalse();
            assertThat(has(BuiltinTypes.NAMESPACES, "", "web")).isFalse();
        }
    }

    @Test
    void handMadeChangesToWhatItOwnsAreRepairedAndOthersThingsAreLeft() {
        ObjectNode foreign = Objects.named(key("", "bob-namespace-creater"));
        foreign.putArray("subjects").addObject().put("kind", "User").put("name", "root");
        client.create(BuiltinTypes.CLUSTER_ROLE_BINDINGS, WORLD, foreign);
        user("bob", "bob");
        namespace("bobs", "bob");
        client.create(
                BuiltinTypes.ROLES, WORLD, Objects.named(key("bobs", OwnedRbac.NAMESPACE_ROLE)));
        namespace("theirs", "");
        ObjectNode own = Objects.named(key("theirs", "namespace-binding"));
        client.create(BuiltinTypes.ROLE_BINDINGS, WORLD, own);
        try (AuthController _ = controller(client)) {
            user("alice", "alice");
            String name = "alice-namespace-creater";
            until(() -> has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", name));
            ObjectNode binding = get(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", name);
            ObjectNode changed = binding.deepCopy();
            changed.withObject("metadata").remove("labels");
            changed.putArray("subjects").addObject().put("kind", "User").put("name", "mallory");
            client.update(BuiltinTypes.CLUSTER_ROLE_BINDINGS, WORLD, changed);
            until(() ->
                    subject(name).equals("alice")
                            && OwnedRbac.owns(get(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", name)));
            delete(BuiltinTypes.CLUSTER_ROLES, "", "namespace-creater");
            until(() -> has(BuiltinTypes.CLUSTER_ROLES, "", "namespace-creater"));
            until(() -> toldOf("bob-namespace-creater") && toldOf(OwnedRbac.NAMESPACE_ROLE));
        }
        assertThat(subject("bob-namespace-creater")).isEqualTo("root");
        assertThat(has(BuiltinTypes.ROLE_BINDINGS, "bobs", OwnedRbac.NAMESPACE_BINDING))
                .as("a binding to a role of somebody else's")
                .isFalse();
        assertThat(has(BuiltinTypes.ROLE_BINDINGS, "theirs", "namespace-binding")).isTrue();
    }

    @Test
    void whoOwnsANamespaceMakesNoUsersInIt() {
        namespace("mallorys", "mallory");
        namespace("roots", "root");
        ObjectNode forged = Objects.named(key("mallorys", "root")).put("username", "root");
        client.create(USERS, WORLD, forged);
        try (AuthController _ = controller(client)) {
            user("alice", "alice");
            until(() -> has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", "alice-namespace-creater"));
            assertThat(has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", "root-namespace-creater"))
                    .isFalse();
            delete(USERS, "mallorys", "root");
            user("bob", "bob");
            until(() -> has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", "bob-namespace-creater"));
        }
        assertThat(has(USERS, "mallorys", "root")).as("held by no finalizer").isFalse();
        assertThat(has(BuiltinTypes.NAMESPACES, "", "roots")).isTrue();
    }

    @Test
    void fiveThousandUsersAreServedAsOneIs() {
        for (int i = 0; i < MANY; i++) {
            user("u" + i, "user " + i);
        }
        try (AuthController _ = controller(client)) {
            until(() -> bindings().size() == MANY);
            for (int i = 0; i < MANY; i += 100) {
                delete(USERS, "default", "u" + i);
                delete(
                        BuiltinTypes.CLUSTER_ROLE_BINDINGS,
                        "",
                        "user " + (i + 1) + "-namespace-creater");
            }
            // By name: their number is right for a moment whenever as many are gone as came back.
            Set<String> expected =
                    IntStream.range(0, MANY)
                            .filter(i -> i % 100 != 0)
                            .mapToObj(i -> "user " + i + "-namespace-creater")
                            .collect(Collectors.toSet());
            until(() -> bindings().equals(expected) && !has(USERS, "default", "u0"));
        }
    }

    @Test
    void killedBetweenAnyTwoWritesTheNextStartConverges() {
        boolean killed = true;
        for (int writes = 0; killed; writes++) {
            String name = "u" + writes;
            user(name, name);
            namespace("of-" + name, name);
            killed =
                    run(
                            writes,
                            () ->
                                    has(
                                                    BuiltinTypes.ROLE_BINDINGS,
                                                    "of-" + name,
                                                    "namespace-binding")
                                            && has(
                                                    BuiltinTypes.CLUSTER_ROLE_BINDINGS,
                                                    "",
                                                    name + "-namespace-creater")
                                            && Metadata.finalizers(get(USERS, "default", name))
                                                    .contains(AuthController.FINALIZER));
            delete(USERS, "default", name);
            killed |= run(writes, () -> !has(USERS, "default", name));
            assertThat(has(BuiltinTypes.NAMESPACES, "", "of-" + name)).isFalse();
            assertThat(bindings()).as("after a kill at write %d", writes).isEmpty();
        }
        assertThat(client.list(USERS, Selection.EVERYTHING).items()).isEmpty();
    }

    /** Whether it was killed before it had come to its end. */
    private boolean run(int writes, Callable<Boolean> end) {
        MortalClient mortal = new MortalClient(client, writes);
        try (AuthController _ = controller(mortal)) {
            until(() -> mortal.isDead() || end.call());
        }
        try (AuthController _ = controller(client)) {
            until(end);
        }
        return mortal.isDead();
    }

    private static AuthController controller(Client client) {
        return AuthController.ofOneWorld(
                        client,
                        UserSource.THIRD_PARTY,
                        "users",
                        Scope.NAMESPACED,
                        AuthController.CREATOR)
                .start();
    }

    private void user(String name, String username) {
        ObjectNode user = Objects.named(key("default", name)).put("username", username);
        client.create(USERS, WORLD, user);
    }

    private void namespace(String name, String creator) {
        ObjectNode namespace = Objects.named(key("", name));
        if (!creator.isEmpty()) {
            Metadata.ensureAnnotations(namespace).put(AuthController.CREATOR, creator);
        }
        client.create(BuiltinTypes.NAMESPACES, WORLD, namespace);
    }

    private Set<String> bindings() {
        return client
                .list(BuiltinTypes.CLUSTER_ROLE_BINDINGS, Selection.EVERYTHING)
                .items()
                .stream()
                .map(binding -> Metadata.name(binding.object()))
                .collect(Collectors.toSet());
    }

    private boolean toldOf(String name) {
        return client.list(BuiltinTypes.EVENTS, Selection.EVERYTHING).items().stream()
                .map(event -> event.object())
                .filter(event -> event.path("reason").asString("").equals("NameTaken"))
                .anyMatch(event -> event.at("/involvedObject/name").asString("").equals(name));
    }

    private String subject(String binding) {
        return get(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", binding)
                .at("/subjects/0/name")
                .asString();
    }

    private ObjectNode get(ResourceType type, String namespace, String name) {
        return client.get(type, key(namespace, name));
    }

    private boolean has(ResourceType type, String namespace, String name) {
        return client.find(type, key(namespace, name)).isPresent();
    }

    private void delete(ResourceType type, String namespace, String name) {
        client.delete(type, key(namespace, name), DeleteOptions.NOW);
    }

    private static ObjectKey key(String namespace, String name) {
        return new ObjectKey(WORLD, namespace, name);
    }

    private static void until(Callable<Boolean> holds) {
        await().atMost(Duration.ofMinutes(2)).pollInterval(Duration.ofMillis(10)).until(holds);
    }
}
