package io.hypernetes.identity.rbac;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.databind.node.ObjectNode;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** What is read when somebody asks is what there is, whenever that was. */
class RbacIndexTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Rule GET = Rule.resources(List.of(""), List.of("pods"), List.of("get"));
    private static final List<String> PLACES = List.of("", "web", "db");
    private static final List<String> PEOPLE = List.of("alice", "bob", "carol");

    private final MemoryClient client = new MemoryClient();
    private final RbacIndex index = new RbacIndex(client);
    private final RbacObjects objects = new RbacObjects(client);

    @BeforeEach
    void start() throws Exception {
        index.start();
        index.awaitSynced();
    }

    @AfterEach
    void stop() {
        index.close();
    }

    private Set<String> names(String namespace, String person) {
        Subject subject = new Subject.User(person);
        return index.bindings(ACME, namespace, subject).stream()
                .map(binding -> binding.key().name())
                .collect(Collectors.toSet());
    }

    private static ResourceType type(String namespace) {
        return namespace.isEmpty()
                ? BuiltinTypes.CLUSTER_ROLE_BINDINGS
                : BuiltinTypes.ROLE_BINDINGS;
    }

    /** Random changes, while another thread asks all the time, so that places are read midway. */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void whatIsAskedForIsKeptUpToDate(long seed) throws Exception {
        Random random = new Random(seed);
        Map<ObjectKey, String> there = new HashMap<>();
        AtomicBoolean over = new AtomicBoolean();
        Thread asker =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!over.get()) {
                                PLACES.forEach(
                                        place -> PEOPLE.forEach(person -> names(place, person)));
                            }
                        });
        for (int i = 0; i < 200; i++) {
            String place = PLACES.get(random.nextInt(PLACES.size()));
            ObjectKey key = new ObjectKey(ACME, place, "b" + random.nextInt(4));
            String person = PEOPLE.get(random.nextInt(PEOPLE.size()));
            if (there.remove(key) != null) {
                client.delete(type(place), key, DeleteOptions.DEFAULT);
            }
            if (random.nextInt(4) > 0) {
                objects.bind(ACME, place, key.name(), "ClusterRole", "view", "User", person);
                there.put(key, person);
            }
        }
        for (String place : PLACES) {
            for (String person : PEOPLE) {
                Set<String> wanted =
                        there.entrySet().stream()
                                .filter(each -> each.getKey().namespace().equals(place))
                                .filter(each -> each.getValue().equals(person))
                                .map(each -> each.getKey().name())
                                .collect(Collectors.toSet());
                await().untilAsserted(() -> assertThat(names(place, person)).isEqualTo(wanted));
            }
        }
        over.set(true);
        asker.join();
    }

    @Test
    void whatAWorldsRolesAddIsKeptUpToDate() {
        objects.shared(Tenant.SYSTEM, "edit", GET);
        ObjectKey edit = new ObjectKey(ACME, "", "edit");
        await().until(() -> index.rules(edit).isPresent());
        assertThat(index.rules(edit).orElseThrow()).hasSize(1);

        ObjectNode early = adding("early");
        client.create(BuiltinTypes.CLUSTER_ROLES, ACME, early);
        await().until(() -> index.rules(edit).orElseThrow().size() == 2);
        client.create(BuiltinTypes.CLUSTER_ROLES, ACME, adding("late"));
        await().until(() -> index.rules(edit).orElseThrow().size() == 3);
        client.delete(
                BuiltinTypes.CLUSTER_ROLES,
                new ObjectKey(ACME, "", "early"),
                DeleteOptions.DEFAULT);
        await().until(() -> index.rules(edit).orElseThrow().size() == 2);
        assertThat(index.rules(new ObjectKey(new Tenant("globex"), "", "edit")).orElseThrow())
                .hasSize(1);
    }

    private static ObjectNode adding(String name) {
        ObjectNode role =
                RbacObjects.roleTree(
                        "", name, Rule.resources(List.of("x"), List.of(name), List.of("get")));
        role.withObject("metadata")
                .putObject("labels")
                .put(DefaultRoles.AGGREGATE_TO + "edit", "true");
        return role;
    }

    @Test
    void whoAsksForWhatIsNotThereLeavesNothingBehind() {
        objects.shared(Tenant.SYSTEM, "edit", GET);
        objects.bind(ACME, "web", "b", "ClusterRole", "edit", "User", "alice");
        await().until(() -> names("web", "alice").size() == 1);
        int before = index.read();
        for (int i = 0; i < 100; i++) {
            assertThat(names("nowhere" + i, "alice")).isEmpty();
            assertThat(index.rules(new ObjectKey(ACME, "nowhere", "role" + i))).isEmpty();
            ObjectKey edit = new ObjectKey(new Tenant("nobody" + i), "", "edit");
            assertThat(index.rules(edit)).isPresent();
        }
        assertThat(index.read()).isEqualTo(before);
    }
}
