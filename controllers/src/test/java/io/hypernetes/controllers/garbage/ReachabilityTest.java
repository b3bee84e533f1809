package io.hypernetes.controllers.garbage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Propagation;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.memoryclient.MemoryClient;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** For any graph of owners: what is left is exactly what living roots reach. */
final class ReachabilityTest {
    private static final int SIZE = 9;

    /**
     * @param owners of each object, by their place among those before it
     * @param doomed the roots that are deleted, by their place
     * @param foreground which way they are deleted
     * @param lateStart whether the collector comes after everything happened
     */
    record History(
            List<Set<Integer>> owners, Set<Integer> doomed, boolean foreground, boolean lateStart) {

        boolean isRoot(int object) {
            return owners.get(object).isEmpty();
        }

        Set<String> expected() {
            Set<String> names = new TreeSet<>();
            Set<Integer> alive = new HashSet<>();
            for (int i = 0; i < SIZE; i++) {
                boolean lives =
                        isRoot(i)
                                ? !doomed.contains(i)
                                : owners.get(i).stream().anyMatch(alive::contains);
                if (lives) {
                    alive.add(i);
                    names.add("o" + i);
                }
            }
            return names;
        }
    }

    @Provide
    Arbitrary<History> histories() {
        Arbitrary<List<Set<Integer>>> owners =
                Arbitraries.integers()
                        .between(0, SIZE - 1)
                        .set()
                        .ofMaxSize(3)
                        .list()
                        .ofSize(SIZE)
                        .map(ReachabilityTest::earlierOnly);
        Arbitrary<Set<Integer>> doomed = Arbitraries.integers().between(0, SIZE - 1).set();
        return net.jqwik.api.Combinators.combine(
                        owners, doomed, Arbitraries.of(true, false), Arbitraries.of(true, false))
                .as(History::new);
    }

    private static List<Set<Integer>> earlierOnly(List<Set<Integer>> wished) {
        List<Set<Integer>> owners = new ArrayList<>();
        for (int i = 0; i < wished.size(); i++) {
            Set<Integer> earlier = new TreeSet<>();
            for (int owner : wished.get(i)) {
                if (owner < i) {
                    earlier.add(owner);
                }
            }
            owners.add(earlier);
        }
        return owners;
    }

    @Property(tries = 60)
    void whatLivingRootsReachStays(@ForAll("histories") History history) {
        MemoryClient client = new MemoryClient();
        List<Tenant> tenants = List.of(new Tenant("acme"), new Tenant("globex"));
        try (FeedReader reader = new FeedReader(client);
                GarbageCollector collector =
                        new GarbageCollector(
                                client, WorldTypes.BUILTIN, reader, Clock.systemUTC())) {
            collector.start();
            if (!history.lateStart()) {
                reader.start();
            }
            tenants.forEach(tenant -> make(client, tenant, history));
            destroy(client, tenants.getFirst(), history);
            if (history.lateStart()) {
                reader.start();
            }
            await().atMost(Duration.ofSeconds(60))
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> names(client, tenants.getFirst()).equals(history.expected()));
            assertThat(names(client, tenants.getLast())).hasSize(SIZE);
        }
    }

    private static void make(MemoryClient client, Tenant tenant, History history) {
        List<ObjectNode> made = new ArrayList<>();
        for (int i = 0; i < SIZE; i++) {
            ObjectNode object = Json.object();
            ObjectNode metadata = object.putObject("metadata");
            metadata.put("namespace", "web").put("name", "o" + i);
            for (int owner : history.owners().get(i)) {
                metadata.withArray("ownerReferences")
                        .addObject()
                        .put("apiVersion", "v1")
                        .put("kind", "ConfigMap")
                        .put("name", "o" + owner)
                        .put("uid", Metadata.uid(made.get(owner)))
                        .put("blockOwnerDeletion", (i + owner) % 2 == 0);
            }
            made.add(client.create(BuiltinTypes.CONFIG_MAPS, tenant, object));
        }
    }

    private static void destroy(MemoryClient client, Tenant tenant, History history) {
        for (int object : history.doomed()) {
            if (history.isRoot(object)) {
                try {
                    client.delete(
                            BuiltinTypes.CONFIG_MAPS,
                            new ObjectKey(tenant, "web", "o" + object),
                            DeleteOptions.DEFAULT.with(
                                    history.foreground()
                                            ? Propagation.FOREGROUND
                                            : Propagation.BACKGROUND));
                } catch (ApiException e) {
                    throw new AssertionError("a root goes only when it is deleted", e);
                }
            }
        }
    }

    private static Set<String> names(MemoryClient client, Tenant tenant) {
        Set<String> names = new TreeSet<>();
        client.list(BuiltinTypes.CONFIG_MAPS, Selection.of(tenant))
                .items()
                .forEach(item -> names.add(item.key().name()));
        return names;
    }
}
