package io.hypernetes.controllerruntime;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Scope;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Storage;
import io.hypernetes.api.Strategy;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.schema.BuiltinSchema;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

class ControllerTest {

    private static final ResourceType THINGS =
            new ResourceType(
                    new GroupResource("test.example", "things"),
                    "v1",
                    "Thing",
                    "thing",
                    List.of(),
                    List.of(),
                    Scope.NAMESPACED,
                    Set.of(),
                    new BuiltinSchema(""),
                    Storage.single(
                            new GroupResource("test.example", "things"),
                            new GroupVersionKind("test.example", "v1", "Thing")),
                    List.of(),
                    Strategy.PLAIN);
    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant GLOBEX = new Tenant("globex");

    private final MemoryClient client = new MemoryClient();
    private final Informer informer = new Informer(client, THINGS);

    @AfterEach
    void close() {
        informer.close();
    }

    @Test
    void lostRacesAndEndingNamespacesAreEverydayLife() {
        Status ending =
                new Status(
                        403,
                        Reason.FORBIDDEN,
                        "forbidden",
                        Optional.of(
                                new Status.Details(
                                        "a",
                                        "",
                                        "things",
                                        "",
                                        List.of(
                                                new Status.Cause(
                                                        Status.Cause.NAMESPACE_TERMINATING,
                                                        "namespace a is being terminated",
                                                        "metadata.namespace")),
                                        0)));
        assertThat(Controller.isRace(new ApiException(ending))).isTrue();
        assertThat(Controller.isRace(ApiException.of(Reason.CONFLICT, "changed"))).isTrue();
        assertThat(Controller.isRace(ApiException.of(Reason.FORBIDDEN, "no rights"))).isFalse();
        assertThat(Controller.isRace(new IllegalStateException("broken"))).isFalse();
    }

    @Test
    void whatWasThereBeforeTheStartIsReconciledAndWhatComesLaterToo() throws Exception {
        LinkedBlockingQueue<ObjectKey> seen = new LinkedBlockingQueue<>();
        client.create(THINGS, ACME, thing("a"));
        try (Controller<ObjectKey> controller =
                Controller.of(
                        "test",
                        2,
                        informer,
                        key -> {
                            seen.add(key);
                            return Reconciler.DONE;
                        })) {
            controller.start();
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(key(ACME, "a"));
            client.create(THINGS, GLOBEX, thing("a"));
            assertThat(seen.poll(10, TimeUnit.SECONDS)).isEqualTo(key(GLOBEX, "a"));
        }
    }

    @Test
    void aFailedKeyIsTriedAgain() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        CountDownLatch third = new CountDownLatch(3);
        try (Controller<ObjectKey> controller =
                Controller.of(
                        "test",
                        1,
                        informer,
                        _ -> {
                            third.countDown();
                            if (tries.incrementAndGet() < 3) {
                                throw new IllegalStateException("not yet");
                            }
                            return Reconciler.DONE;
                        })) {
            controller.start();
            client.create(THINGS, ACME, thing("a"));
            assertThat(third.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void theMirrorKeepsTenantsApart() throws Exception {
        client.create(THINGS, ACME, thing("a"));
        client.create(THINGS, GLOBEX, thing("b"));
        informer.start().awaitSynced();
        assertThat(informer.objects(ACME)).hasSize(1);
        assertThat(informer.objects(GLOBEX, "ns")).hasSize(1);
        assertThat(informer.get(key(ACME, "b"))).isEmpty();
    }

    @Test
    void aDeletionReachesTheListenerWithTheLastState() throws Exception {
        LinkedBlockingQueue<Optional<ObjectNode>> gone = new LinkedBlockingQueue<>();
        informer.listen((_, old, current) -> {
            if (current.isEmpty()) {
                gone.add(old);
            }
        });
        client.create(THINGS, ACME, thing("a"));
        informer.start().awaitSynced();
        client.delete(THINGS, key(ACME, "a"), DeleteOptions.DEFAULT);
        assertThat(gone.poll(10, TimeUnit.SECONDS)).isPresent();
    }

    @Test
    void retriesSlowDownToAMinute() {
        assertThat(Controller.backoff(1).toMillis()).isEqualTo(50);
        assertThat(Controller.backoff(2).toMillis()).isEqualTo(100);
        assertThat(Controller.backoff(100).toSeconds()).isEqualTo(60);
    }

    private static ObjectKey key(Tenant tenant, String name) {
        return new ObjectKey(tenant, "ns", name);
    }

    private static ObjectNode thing(String name) {
        ObjectNode thing = JsonNodeFactory.instance.objectNode();
        thing.putObject("metadata").put("namespace", "ns").put("name", name);
        return thing;
    }
}
