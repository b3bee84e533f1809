package io.hypernetes.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.hypernetes.embedded.KubernetesApiServer;
import io.hypernetes.embedded.World;
import io.kubernetes.client.openapi.ApiClient;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Random;

/**
 * Informers of both clients while objects come, change and go, connections are cut and history is
 * forgotten: in the end they hold what the server holds, and nobody was told of the same object's
 * coming twice.
 */
@NullUnmarked // fields are set before each test
final class InformersIT {
    private static final Duration LONG = Duration.ofSeconds(90);

    /** At least a few rounds; ten minutes with {@code -Dlong=true}. */
    private static final Duration CHURN =
            Boolean.getBoolean("long") ? Duration.ofMinutes(10) : Duration.ZERO;

    /** So little that whoever was cut off comes too late to go on, and hears 410 Gone. */
    private static final int HISTORY = 5;

    private KubernetesApiServer server;
    private World world;
    private KubernetesClient writer;

    @BeforeEach
    void start() {
        server = KubernetesApiServer.builder().history(Duration.ofHours(1), HISTORY).start();
        world = server.createTenant();
        writer = Fabric8.client(world.kubeconfig());
    }

    @AfterEach
    void stop() {
        writer.close();
        server.close();
    }

    @Test
    void fabric8sHoldsWhatTheServerHolds() {
        Seen seen = new Seen();
        try (KubernetesClient client = Fabric8.client(world.kubeconfig());
                AutoClosed _ = Fabric8Informer.start(client, seen)) {
            churnThroughDisconnects(seen);
        }
    }

    @Test
    void theOfficialOneHoldsWhatTheServerHolds() {
        Seen seen = new Seen();
        ApiClient client = Official.client(world.kubeconfig());
        try (AutoClosed _ = OfficialInformer.start(client, seen)) {
            churnThroughDisconnects(seen);
        }
    }

    /** Both run while nothing is written but elsewhere: only bookmarks tell how time goes. */
    @Test
    void aQuietInformerHearsTheNextChange() {
        Seen fabric8 = new Seen();
        Seen official = new Seen();
        try (KubernetesClient client = Fabric8.client(world.kubeconfig());
                AutoClosed _ = Fabric8Informer.start(client, fabric8);
                AutoClosed _ =
                        OfficialInformer.start(Official.client(world.kubeconfig()), official)) {
            for (int i = 0; i < 3 * HISTORY; i++) {
                Maps.write(writer, "kube-public", "elsewhere", i);
            }
            server.disconnect();
            Maps.write(writer, "default", "here", 1);
            await().atMost(LONG).until(() -> fabric8.holds("here") && official.holds("here"));
        }
    }

    private void churnThroughDisconnects(Seen seen) {
        Random random = new Random(7);
        long end = System.nanoTime() + CHURN.toNanos();
        for (int round = 0; round < 4 || System.nanoTime() < end; round++) {
            for (int i = 0; i < 40; i++) {
                String name = "m" + random.nextInt(12);
                if (random.nextInt(4) == 0) {
                    Maps.delete(writer, name);
                } else {
                    Maps.write(writer, "default", name, round * 100 + i);
                }
                if (i == 20) {
                    server.disconnect();
                }
            }
        }
        await().atMost(LONG)
                .untilAsserted(() -> assertThat(seen.versions()).isEqualTo(Maps.versions(writer)));
        assertThat(seen.mistakes()).isEmpty();
    }
}
