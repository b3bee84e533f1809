package io.hypernetes.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many who take the last places of a tenant's quota at once, from two of its namespaces. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class QuotaRacesIT {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int PLACES = 3;
    private static final int WRITERS = 10;

    /** Whatever a tenant's quota can limit, and an object that uses one of it. */
    enum Limited {
        PODS("pods", BuiltinTypes.PODS, pod("")),
        CPU("requests.cpu", BuiltinTypes.PODS, pod("\"requests\":{\"cpu\":\"1\"}")),
        MEMORY("limits.memory", BuiltinTypes.PODS, pod("\"limits\":{\"memory\":\"1\"}")),
        STORAGE(
                "requests.storage",
                BuiltinTypes.PERSISTENT_VOLUME_CLAIMS,
                "\"spec\":{\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":{\"storage\":\"1\"}}}"),
        NETWORKS(
                "count/networks.hypernetes.io",
                BuiltinTypes.NETWORKS,
                "\"spec\":{\"cidr\":\"10.1.0.0/24\"}"),
        ADDRESSES(
                "addresses",
                BuiltinTypes.SERVICES,
                "\"spec\":{\"type\":\"LoadBalancer\",\"ports\":[{\"port\":80}]}"),
        FLOATING_IPS("floatingips", BuiltinTypes.FLOATING_IPS, "\"spec\":{}"),
        OBJECTS("objects", BuiltinTypes.CONFIG_MAPS, "\"data\":{}"),
        KIND("count/secrets", BuiltinTypes.SECRETS, "\"data\":{}");

        private final String quota;
        private final ResourceType type;
        private final String content;

        Limited(String quota, ResourceType type, String content) {
            this.quota = quota;
            this.type = type;
            this.content = content;
        }

        private static String pod(String resources) {
            return "\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"nginx\",\"resources\":{"
                    + resources
                    + "}}]}";
        }

        private ObjectNode object(int number) {
            ObjectNode object =
                    Json.parseObject(("{" + content + "}").getBytes(StandardCharsets.UTF_8));
            object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
            ObjectNode metadata = object.putObject("metadata").put("name", "racer-" + number);
            if (type.namespaced()) {
                metadata.put("namespace", number % 2 == 0 ? "default" : "web");
            }
            return object;
        }
    }

    @TempDir private Path folder;

    private KubernetesApiServer server;

    @BeforeAll
    void start() {
        server = KubernetesApiServer.builder().start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource
    void isNeverExceededByOne(Limited limited) throws Exception {
        World world = server.createTenant();
        ObjectNode web = Json.object();
        web.putObject("metadata").put("name", "web");
        server.client().create(BuiltinTypes.NAMESPACES, world.tenant(), web);
        // What a namespace is given on the way counts as an object, too.
        for (ResourceType given :
                List.of(BuiltinTypes.SERVICE_ACCOUNTS, BuiltinTypes.CONFIG_MAPS)) {
            String name = given == BuiltinTypes.SERVICE_ACCOUNTS ? "default" : "kube-root-ca.crt";
            await().atMost(LONG)
                    .until(() ->
                            server.client()
                                    .find(given, new ObjectKey(world.tenant(), "web", name))
                                    .isPresent());
        }
        long before = limit(world, limited, "1000");
        limit(world, limited, Long.toString(before + PLACES));

        assertThat(race(world, limited)).as(limited.quota).isEqualTo(PLACES);
        assertThat(used(world, limited)).isEqualTo(before + PLACES);
    }

    /** How many of those who write at once were let in; the others read why not. */
    private int race(World world, Limited limited) throws Exception {
        Path file = Files.writeString(folder.resolve(world.name()), world.kubeconfig());
        int made = 0;
        try (RemoteClient tenant = new RemoteClient(Kubeconfig.read(file));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> writers = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                ObjectNode object = limited.object(i);
                writers.add(() -> isMade(world, tenant, limited, object));
            }
            for (Future<Boolean> one : threads.invokeAll(writers)) {
                made += one.get() ? 1 : 0;
            }
        }
        return made;
    }

    private static boolean isMade(
            World world, RemoteClient tenant, Limited limited, ObjectNode object) {
        try {
            tenant.create(limited.type, world.tenant(), object);
            return true;
        } catch (ApiException e) {
            assertThat(e.is(Reason.FORBIDDEN)).as(e.getMessage()).isTrue();
            assertThat(e).hasMessageContaining("exceeded quota: of tenant " + world.name());
            return false;
        }
    }

    /** Sets the limit; what is used of it when it has been counted. */
    private long limit(World world, Limited limited, String most) {
        ObjectNode patch = Json.object();
        patch.putObject("spec").putObject("quota").putObject("hard").put(limited.quota, most);
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, "", world.name());
        server.client().patch(BuiltinTypes.TENANTS, key, new Patch.Merge(patch), "");
        await().atMost(LONG)
                .until(() ->
                        tenant(world)
                                .path("status")
                                .path("quota")
                                .path("hard")
                                .path(limited.quota)
                                .asString("")
                                .equals(
                                        tenant(world)
                                                .path("spec")
                                                .path("quota")
                                                .path("hard")
                                                .path(limited.quota)
                                                .asString("?")));
        return used(world, limited);
    }

    private long used(World world, Limited limited) {
        return Long.parseLong(
                tenant(world)
                        .path("status")
                        .path("quota")
                        .path("used")
                        .path(limited.quota)
                        .asString("0"));
    }

    private ObjectNode tenant(World world) {
        return server.client()
                .get(BuiltinTypes.TENANTS, new ObjectKey(Tenant.SYSTEM, "", world.name()));
    }
}
