package io.hypernetes.server.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.store.Operation;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.Txn;
import io.hypernetes.store.TxnResult;
import io.hypernetes.store.cache.WatchCache;
import io.hypernetes.store.memory.MemoryStore;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Lists and watches over a memory store, two tenants writing. */
class ReadsTest {
    private static final ResourceType TYPE = BuiltinTypes.CONFIG_MAPS;
    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant GLOBEX = new Tenant("globex");

    private static StoreKey key(Tenant tenant, String namespace, String name) {
        return Reads.path(TYPE, tenant, namespace, name).key();
    }

    private static long put(
            Store store, Tenant tenant, String namespace, String name, String tier) {
        ObjectNode object = Json.object().put("apiVersion", "v1").put("kind", "ConfigMap");
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("name", name).put("namespace", namespace).put("uid", tenant.name());
        metadata.putObject("labels").put("tier", tier);
        return commit(
                store, new Operation.Put(key(tenant, namespace, name), Json.writeStored(object)));
    }

    private static long commit(Store store, Operation operation) {
        TxnResult result = store.commit(new Txn(List.of(), List.of(operation)));
        return ((TxnResult.Committed) result).revision();
    }

    private static Extent extent(Tenant tenant, String namespace, String labels) {
        return new Extent(
                TYPE, Optional.of(tenant), namespace, ObjectFilter.parse(TYPE, labels, ""));
    }

    private static Map<String, String> names(List<Served> objects) {
        Map<String, String> seen = new TreeMap<>();
        objects.forEach(object -> seen.put(path(object), new String(object.bytes())));
        return seen;
    }

    private static String path(Served object) {
        return object.path().namespace() + "/" + object.path().name();
    }

    private static ListRequest at(long revision) {
        return ListRequest.of(0, "", Long.toString(revision), "Exact");
    }

    /** Whatever happened: a list and the events after it are the list of any later state. */
    @Property(tries = 60)
    void aWatchIsTheDifferenceOfLists(@ForAll long seed) throws InterruptedException {
        Random random = new Random(seed);
        try (Store store = new MemoryStore();
                WatchCache<Served> cache = WatchCache.open(store, new ServedProjection())) {
            Reads reads = new Reads(cache);
            List<Long> revisions = new ArrayList<>();
            for (int i = 0; i < 60; i++) {
                revisions.add(step(store, random));
            }
            cache.awaitRevision(revisions.getLast(), Duration.ofSeconds(30));
            for (String labels : List.of("", "tier=a", "tier!=a")) {
                String namespace = random.nextBoolean() ? "" : "n1";
                Extent extent = extent(random.nextBoolean() ? ACME : GLOBEX, namespace, labels);
                long from = revisions.get(random.nextInt(revisions.size()));
                check(reads, extent, from, revisions);
            }
        }
    }

    private static long step(Store store, Random random) {
        Tenant tenant = random.nextBoolean() ? ACME : GLOBEX;
        String namespace = "n" + random.nextInt(3);
        String name = "o" + random.nextInt(4);
        return random.nextInt(3) == 0
                ? commit(store, new Operation.Delete(key(tenant, namespace, name)))
                : put(store, tenant, namespace, name, random.nextBoolean() ? "a" : "b");
    }

    private static void check(Reads reads, Extent extent, long from, List<Long> revisions)
            throws InterruptedException {
        Map<String, String> state = names(reads.list(extent, at(from)).items());
        try (ServedWatch watch = reads.watch(extent, from)) {
            List<ServedEvent> events = new ArrayList<>();
            long upTo = from;
            while (upTo < revisions.getLast()) {
                // When nothing more is for it, a watch tells only how far it is.
                ServedWatch.Batch batch = watch.poll(Duration.ofMillis(5)).orElseThrow();
                events.addAll(batch.events());
                upTo = batch.revision();
            }
            int next = 0;
            for (long revision : revisions.stream().filter(r -> r > from).toList()) {
                for (;
                        next < events.size() && events.get(next).object().revision() <= revision;
                        next++) {
                    apply(state, events.get(next));
                }
                assertThat(state).isEqualTo(names(reads.list(extent, at(revision)).items()));
            }
            assertThat(next).isEqualTo(events.size());
        }
    }

    private static void apply(Map<String, String> state, ServedEvent event) {
        Served object = event.object();
        switch (event.type()) {
            case ADDED -> assertThat(state.put(path(object), new String(object.bytes()))).isNull();
            case MODIFIED ->
                    assertThat(state.put(path(object), new String(object.bytes()))).isNotNull();
            case DELETED -> assertThat(state.remove(path(object))).isNotNull();
            default -> throw new AssertionError(event);
        }
    }

    @Test
    void aListWhoseStateIsGoneCanGoOnInTheNewestOne() throws InterruptedException {
        try (Store store = new MemoryStore();
                WatchCache<Served> cache =
                        WatchCache.open(
                                store, new ServedProjection(), new WatchCache.Settings(5))) {
            Reads reads = new Reads(cache);
            long first = put(store, ACME, "n", "a", "x");
            put(store, ACME, "n", "b", "x");
            put(store, ACME, "n", "d", "x");
            Extent extent = extent(ACME, "n", "");
            Page page = reads.list(extent, ListRequest.of(1, "", "", ""));
            put(store, ACME, "n", "c", "x");
            for (int i = 0; i < 20; i++) {
                put(store, GLOBEX, "n", "busy", "x");
            }
            String token = page.continueToken();
            assertThatThrownBy(() -> reads.list(extent, ListRequest.of(1, token, "", "")))
                    .isInstanceOfSatisfying(
                            ApiException.class,
                            e -> {
                                assertThat(e.is(Reason.EXPIRED)).isTrue();
                                assertThat(e).hasMessageContaining("continue parameter is too old");
                                assertThat(goOn(reads, extent, e.status()))
                                        .containsExactly("n/b", "n/c", "n/d");
                            });
            assertThatThrownBy(() -> reads.list(extent, at(first)))
                    .hasMessage("The resourceVersion for the provided list is too old.");
            assertThatThrownBy(() -> reads.watch(extent, first).close())
                    .hasMessageStartingWith("too old resource version: " + first + " (");
        }
    }

    private static List<String> goOn(Reads reads, Extent extent, Status status) {
        try {
            ListRequest rest = ListRequest.of(0, status.continueToken(), "", "");
            return reads.list(extent, rest).items().stream().map(ReadsTest::path).toList();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
