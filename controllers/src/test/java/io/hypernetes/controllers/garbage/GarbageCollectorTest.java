package io.hypernetes.controllers.garbage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.GroupResource;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.ChangeFeed;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Propagation;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.WorldTypes;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;

final class GarbageCollectorTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant GLOBEX = new Tenant("globex");
    private static final ResourceType MAP = BuiltinTypes.CONFIG_MAPS;

    private final MemoryClient client = new MemoryClient();
    private final FeedReader reader = new FeedReader(client);
    private final GarbageCollector collector =
            new GarbageCollector(client, WorldTypes.BUILTIN, reader, Clock.systemUTC()).start();

    @AfterEach
    void stop() {
        reader.close();
        collector.close();
    }

    private ObjectNode make(Tenant tenant, String namespace, String name, ObjectNode... owners) {
        ObjectNode object = Json.object();
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("namespace", namespace).put("name", name);
        for (ObjectNode owner : owners) {
            metadata.withArray("ownerReferences")
                    .addObject()
                    .put("apiVersion", "v1")
                    .put("kind", "ConfigMap")
                    .put("name", Metadata.name(owner))
                    .put("uid", Metadata.uid(owner))
                    .put("blockOwnerDeletion", true);
        }
        return client.create(MAP, tenant, object);
    }

    private void delete(Tenant tenant, String name, Propagation policy) {
        client.delete(MAP, new ObjectKey(tenant, "web", name), DeleteOptions.DEFAULT.with(policy));
    }

    private boolean exists(Tenant tenant, String name) {
        return client.find(MAP, new ObjectKey(tenant, "web", name)).isPresent();
    }

    private void gone(Tenant tenant, String name) {
        await().atMost(Duration.ofSeconds(60)).until(() -> !exists(tenant, name));
    }

    @Test
    void aChainGoesFromItsTopInTheBackground() {
        reader.start();
        ObjectNode top = make(ACME, "web", "top");
        ObjectNode middle = make(ACME, "web", "middle", top);
        make(ACME, "web", "leaf", middle);
        delete(ACME, "top", Propagation.BACKGROUND);
        gone(ACME, "leaf");
        assertThat(exists(ACME, "middle")).isFalse();
    }

    @Test
    void inTheForegroundTheOwnerGoesLast() {
        reader.start();
        ObjectNode top = make(ACME, "web", "top");
        ObjectNode middle = make(ACME, "web", "middle", top);
        ObjectNode leaf = make(ACME, "web", "leaf", middle);
        Metadata.ensureFinalizers(leaf).add("example.com/hold");
        client.update(MAP, ACME, leaf);
        delete(ACME, "top", Propagation.FOREGROUND);
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        Metadata.isBeingDeleted(
                                client.get(MAP, new ObjectKey(ACME, "web", "leaf"))));
        assertThat(exists(ACME, "top")).isTrue();
        assertThat(exists(ACME, "middle")).isTrue();
        ObjectNode held = client.get(MAP, new ObjectKey(ACME, "web", "leaf"));
        Metadata.ensureMetadata(held).remove("finalizers");
        client.update(MAP, ACME, held);
        gone(ACME, "top");
        assertThat(exists(ACME, "middle")).isFalse();
        assertThat(exists(ACME, "leaf")).isFalse();
    }

    /** A feed that lags may not know the dependents yet for which the object has to wait. */
    @Test
    void anOwnerInTheMiddleWaitsForDependentsThatTheFeedShowsLater() {
        ObjectNode top = make(ACME, "web", "top");
        ObjectNode middle = make(ACME, "web", "middle", top);
        ObjectNode leaf = make(ACME, "web", "leaf", middle);
        delete(ACME, "top", Propagation.FOREGROUND);
        collector.restarted();
        collector.seen(new Seen(middle));
        collector.complete();
        await().during(Duration.ofMillis(300)).until(() -> exists(ACME, "middle"));

        collector.seen(new Seen(leaf));
        collector.seen(new Seen(client.get(MAP, new ObjectKey(ACME, "web", "top"))));

        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        Metadata.finalizers(client.get(MAP, new ObjectKey(ACME, "web", "middle")))
                                .contains(Propagation.FOREGROUND_FINALIZER));
    }

    private record Seen(ObjectNode object) implements ChangeFeed.Item {
        @Override
        public GroupResource resource() {
            return MAP.id();
        }

        @Override
        public ObjectKey key() {
            return new ObjectKey(ACME, Metadata.namespace(object), Metadata.name(object));
        }

        @Override
        public boolean gone() {
            return false;
        }

        @Override
        public boolean mentions(String text) {
            return Json.text(object).contains(text);
        }
    }

    @Test
    void orphansStayAndForgetTheirOwner() {
        ObjectNode top = make(ACME, "web", "top");
        make(ACME, "web", "orphan", top);
        delete(ACME, "top", Propagation.ORPHAN);
        reader.start();
        gone(ACME, "top");
        ObjectNode orphan = client.get(MAP, new ObjectKey(ACME, "web", "orphan"));
        assertThat(Metadata.ownerReferences(orphan)).isEmpty();
        assertThat(Metadata.isBeingDeleted(orphan)).isFalse();
    }

    @Test
    void oneOwnerThatStaysIsEnoughAndTheOthersAreForgotten() {
        reader.start();
        ObjectNode stays = make(ACME, "web", "stays");
        ObjectNode goes = make(ACME, "web", "goes");
        make(ACME, "web", "shared", stays, goes);
        delete(ACME, "goes", Propagation.FOREGROUND);
        gone(ACME, "goes");
        ObjectNode shared = client.get(MAP, new ObjectKey(ACME, "web", "shared"));
        assertThat(Metadata.ownerReferences(shared))
                .extracting(Metadata.OwnerReference::uid)
                .containsExactly(Metadata.uid(stays));
    }

    @Test
    void ownersInACircleGoInTheForeground() {
        reader.start();
        ObjectNode a = make(ACME, "web", "a");
        ObjectNode b = make(ACME, "web", "b", a);
        ObjectNode patch = client.get(MAP, new ObjectKey(ACME, "web", "a"));
        Metadata.ensureMetadata(patch)
                .withArray("ownerReferences")
                .addObject()
                .put("apiVersion", "v1")
                .put("kind", "ConfigMap")
                .put("name", "b")
                .put("uid", Metadata.uid(b))
                .put("blockOwnerDeletion", true);
        client.update(MAP, ACME, patch);
        delete(ACME, "a", Propagation.FOREGROUND);
        gone(ACME, "a");
        gone(ACME, "b");
    }

    @Test
    void anOwnerInAnotherTenantOrNamespaceIsNone() {
        reader.start();
        ObjectNode foreign = make(GLOBEX, "web", "owner");
        ObjectNode elsewhere = make(ACME, "other", "owner");
        make(ACME, "web", "of-globex", foreign);
        make(ACME, "web", "of-elsewhere", elsewhere);
        make(GLOBEX, "web", "own", foreign);
        gone(ACME, "of-globex");
        gone(ACME, "of-elsewhere");
        assertThat(exists(GLOBEX, "own")).isTrue();
    }
}
