package io.hypernetes.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
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

/** What an operator allows a tenant, held against the tenant's own administrator. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class TenantLimitsIT {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir private Path folder;

    private KubernetesApiServer server;
    private World world;
    private RemoteClient tenant;

    @BeforeAll
    void start() {
        server = KubernetesApiServer.builder().start();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @BeforeEach
    void newWorld() throws IOException {
        world = server.createTenant();
        Path file = Files.writeString(folder.resolve(world.name()), world.kubeconfig());
        tenant = new RemoteClient(Kubeconfig.read(file));
        create(BuiltinTypes.NAMESPACES, "{\"metadata\":{\"name\":\"web\"}}");
    }

    @AfterEach
    void close() {
        tenant.close();
    }

    @Test
    void aQuotaHoldsOverAllNamespacesHoweverManyWriteAtOnce() throws Exception {
        limit("{\"pods\":\"5\",\"count/configmaps\":\"100\"}");

        List<Callable<Boolean>> writers = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            String namespace = i % 2 == 0 ? "web" : "default";
            String name = "p" + i;
            writers.add(() -> isMade(namespace, name));
        }
        int made = 0;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<Boolean> one : threads.invokeAll(writers)) {
                made += one.get() ? 1 : 0;
            }
        }

        assertThat(made).isEqualTo(5);
        assertThat(pods()).hasSize(5);
        assertThatThrownBy(() -> create(BuiltinTypes.PODS, pod("web", "one-more", "nginx")))
                .hasMessage(
                        "pods \"one-more\" is forbidden: exceeded quota: of tenant %s, requested:"
                                + " pods=1, used: pods=5, limited: pods=5",
                        world.name());
        tenant.delete(BuiltinTypes.PODS, pods().getFirst(), DeleteOptions.NOW);
        await().atMost(LONG).until(() -> isMade("web", "the-freed-place"));
        assertThat(tenantObject().at("/status/quota/used/pods").asString()).isEqualTo("5");
        assertThat(tenantObject().at("/status/phase").asString()).isEqualTo("Active");
    }

    @Test
    void networksAndObjectsOfAllKindsAreCountedToo() {
        limit("{\"count/networks.hypernetes.io\":\"1\"}");
        String network = "{\"metadata\":{\"name\":\"n\"},\"spec\":{\"cidr\":\"10.1.0.0/24\"}}";
        assertThatThrownBy(() -> create(BuiltinTypes.NETWORKS, network))
                .hasMessageContaining("exceeded quota: of tenant " + world.name());
        limit("{\"count/floatingips.hypernetes.io\":\"1\"}");
        create(BuiltinTypes.FLOATING_IPS, named("web", "one"));
        assertThatThrownBy(() -> create(BuiltinTypes.FLOATING_IPS, named("web", "two")))
                .hasMessageContaining("exceeded quota: of tenant " + world.name());

        long now = objects();
        limit("{\"objects\":\"" + (now + 1) + "\"}");
        create(BuiltinTypes.CONFIG_MAPS, named("web", "last"));
        assertThatThrownBy(() -> create(BuiltinTypes.CONFIG_MAPS, named("web", "too-much")))
                .hasMessageContaining("requested: objects=1, used: objects=" + (now + 1));
    }

    @Test
    void addressesOfThePoolAreCountedWhateverHoldsThem() {
        limit("{\"addresses\":\"2\"}");
        create(BuiltinTypes.FLOATING_IPS, named("web", "one"));
        create(BuiltinTypes.SERVICES, service("inside", "ClusterIP"));
        create(BuiltinTypes.SERVICES, service("outside", "LoadBalancer"));
        assertThatThrownBy(() -> create(BuiltinTypes.FLOATING_IPS, named("web", "two")))
                .hasMessageContaining("requested: addresses=1, used: addresses=2");
        Patch outside =
                new Patch.Merge(Json.parseObject(utf8("{\"spec\":{\"type\":\"LoadBalancer\"}}")));
        assertThatThrownBy(() ->
                        tenant.patch(
                                BuiltinTypes.SERVICES,
                                new ObjectKey(world.tenant(), "web", "inside"),
                                outside,
                                ""))
                .hasMessageContaining("exceeded quota: of tenant " + world.name());
        tenant.delete(
                BuiltinTypes.FLOATING_IPS,
                new ObjectKey(world.tenant(), "web", "one"),
                DeleteOptions.NOW);
        await().atMost(LONG)
                .ignoreExceptionsInstanceOf(ApiException.class)
                .until(() -> {
                    create(BuiltinTypes.FLOATING_IPS, named("web", "the-freed-one"));
                    return true;
                });
    }

    @Test
    void floatingIpsHaveALimitOfTheirOwn() {
        limit("{\"addresses\":\"5\",\"floatingips\":\"1\"}");
        create(BuiltinTypes.SERVICES, service("outside", "LoadBalancer"));
        create(BuiltinTypes.FLOATING_IPS, named("web", "one"));
        assertThatThrownBy(() -> create(BuiltinTypes.FLOATING_IPS, named("web", "two")))
                .hasMessageContaining(
                        "requested: floatingips=1, used: floatingips=1, limited: floatingips=1");
        create(BuiltinTypes.SERVICES, service("another", "LoadBalancer"));
    }

    private static String service(String name, String type) {
        return "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"web\"},\"spec\":{\"type\":\"%s\",\"ports\":[{\"port\":80}]}}"
                .formatted(name, type);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void whoHasUsedUpTheBudgetOfRequestsIsToldSo() {
        patch("{\"spec\":{\"quota\":{\"api\":{\"requestsPerSecond\":1,\"burst\":3}}}}");
        assertThatThrownBy(
                        () -> {
                            for (int i = 0; i < 1_000; i++) {
                                tenant.list(BuiltinTypes.CONFIG_MAPS, Selection.of(world.tenant()));
                            }
                        })
                .isInstanceOfSatisfying(
                        ApiException.class,
                        e -> {
                            assertThat(e.status().reason()).isEqualTo(Reason.TOO_MANY_REQUESTS);
                            assertThat(e.status().message())
                                    .contains("its API budget of 1 requests a second");
                        });
        patch("{\"spec\":{\"quota\":{\"api\":null}}}");
        for (int i = 0; i < 20; i++) {
            tenant.list(BuiltinTypes.CONFIG_MAPS, Selection.of(world.tenant()));
        }
    }

    @Test
    void whatIsNotAllowedIsRefusedAndToldWhatIs() {
        patch(
                "{\"spec\":{\"allowed\":{\"registries\":[\"docker.io/library\",\"r.example:5000\"],"
                        + "\"storageClasses\":[],\"priorityClasses\":[]}}}");

        create(BuiltinTypes.PODS, pod("web", "short", "nginx"));
        create(BuiltinTypes.PODS, pod("web", "private", "r.example:5000/team/app:1"));
        for (String image : List.of("quay.io/x", "someone/nginx", "r.example:5000.evil/app")) {
            assertThatThrownBy(() -> create(BuiltinTypes.PODS, pod("web", "p", image)))
                    .hasMessage(
                            "pods \"p\" is forbidden: tenant \"%s\" may not use image \"%s\";"
                                    + " allowed registries: docker.io/library, r.example:5000",
                            world.name(), image);
        }
        String claim =
                "{\"metadata\":{\"name\":\"c\",\"namespace\":\"web\"},\"spec\":{\"storageClassName\":"
                    + "\"local\",\"accessModes\":[\"ReadWriteOnce\"],\"resources\":{\"requests\":"
                    + "{\"storage\":\"1Mi\"}}}}";
        assertThatThrownBy(() -> create(BuiltinTypes.PERSISTENT_VOLUME_CLAIMS, claim))
                .hasMessageEndingWith(
                        "may not use storage class \"local\"; allowed storageClasses: none");
    }

    @Test
    void classesOfPodsThatAreNotAllowedAreRefused() {
        patch("{\"spec\":{\"allowed\":{\"runtimeClasses\":[\"plain\"],\"priorityClasses\":[]}}}");
        for (String name : List.of("plain", "special")) {
            create(
                    BuiltinTypes.RUNTIME_CLASSES,
                    "{\"metadata\":{\"name\":\"" + name + "\"},\"handler\":\"hyper\"}");
        }
        create(BuiltinTypes.PRIORITY_CLASSES, "{\"metadata\":{\"name\":\"gold\"},\"value\":1}");

        create(BuiltinTypes.PODS, withClass("runtimeClassName", "plain"));
        assertThatThrownBy(
                        () -> create(BuiltinTypes.PODS, withClass("runtimeClassName", "special")))
                .hasMessageEndingWith(
                        "may not use runtime class \"special\"; allowed runtimeClasses: plain");
        assertThatThrownBy(() -> create(BuiltinTypes.PODS, withClass("priorityClassName", "gold")))
                .hasMessageEndingWith(
                        "may not use priority class \"gold\"; allowed priorityClasses: none");
    }

    private static String withClass(String field, String name) {
        return "{\"metadata\":{\"generateName\":\"p-\",\"namespace\":\"web\"},\"spec\":{\"%s\":\"%s\",\"containers\":[{\"name\":\"c\",\"image\":\"nginx\"}]}}"
                .formatted(field, name);
    }

    @Test
    void theWorldOfASuspendedTenantCanOnlyBeRead() {
        create(BuiltinTypes.CONFIG_MAPS, named("web", "kept"));
        patch("{\"spec\":{\"suspended\":true}}");
        await().atMost(LONG).until(() -> phase().equals("Suspended"));

        ObjectKey kept = new ObjectKey(world.tenant(), "web", "kept");
        assertThat(tenant.get(BuiltinTypes.CONFIG_MAPS, kept).at("/metadata/name").asString())
                .isEqualTo("kept");
        String sentence = "tenant \"" + world.name() + "\" is suspended: its objects can be read";
        assertThatThrownBy(() -> create(BuiltinTypes.CONFIG_MAPS, named("web", "new")))
                .hasMessageContaining(sentence);
        assertThatThrownBy(
                        () -> tenant.delete(BuiltinTypes.CONFIG_MAPS, kept, DeleteOptions.DEFAULT))
                .hasMessageContaining(sentence);

        patch("{\"spec\":{\"suspended\":false}}");
        await().atMost(LONG).until(() -> phase().equals("Active"));
        tenant.delete(BuiltinTypes.CONFIG_MAPS, kept, DeleteOptions.DEFAULT);
    }

    @Test
    void anOperatorsMistakesAreToldByTheirPlace() {
        assertThatThrownBy(() -> patch("{\"spec\":{\"quota\":{\"hard\":{\"pods\":\"-1\"}}}}"))
                .hasMessageContaining("spec.quota.hard[pods]: Invalid value: \"-1\"");
        assertThatThrownBy(() -> patch("{\"spec\":{\"allowed\":{\"registries\":[\"https://x\"]}}}"))
                .hasMessageContaining("spec.allowed.registries[0]: Invalid value: \"https://x\"");
    }

    private boolean isMade(String namespace, String name) {
        try {
            create(BuiltinTypes.PODS, pod(namespace, name, "nginx"));
            return true;
        } catch (ApiException e) {
            assertThat(e.is(Reason.FORBIDDEN)).as(e.getMessage()).isTrue();
            return false;
        }
    }

    private void limit(String hard) {
        patch("{\"spec\":{\"quota\":{\"hard\":null}}}");
        patch("{\"spec\":{\"quota\":{\"hard\":" + hard + "}}}");
        await().atMost(LONG)
                .until(() ->
                        tenantObject()
                                .at("/status/quota/hard")
                                .equals(tenantObject().at("/spec/quota/hard")));
    }

    private void patch(String change) {
        ObjectNode body = Json.parseObject(change.getBytes(StandardCharsets.UTF_8));
        server.client().patch(BuiltinTypes.TENANTS, key(), new Patch.Merge(body), "");
    }

    private ObjectKey key() {
        return new ObjectKey(Tenant.SYSTEM, "", world.name());
    }

    private ObjectNode tenantObject() {
        return server.client().get(BuiltinTypes.TENANTS, key());
    }

    private String phase() {
        return tenantObject().at("/status/phase").asString("");
    }

    /** All that is stored, as a quota of it counts. */
    private long objects() {
        limit("{\"objects\":\"1000\"}");
        return tenantObject().at("/status/quota/used/objects").asLong(0);
    }

    private List<ObjectKey> pods() {
        return server
                .client()
                .list(BuiltinTypes.PODS, Selection.of(world.tenant()))
                .items()
                .stream()
                .map(item -> item.key())
                .toList();
    }

    private void create(ResourceType type, String manifest) {
        ObjectNode object = Json.parseObject(manifest.getBytes(StandardCharsets.UTF_8));
        object.put("apiVersion", type.apiVersion()).put("kind", type.kind());
        tenant.create(type, world.tenant(), object);
    }

    private static String named(String namespace, String name) {
        return "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\"}}".formatted(name, namespace);
    }

    private static String pod(String namespace, String name, String image) {
        return "{\"metadata\":{\"name\":\"%s\",\"namespace\":\"%s\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"%s\"}]}}"
                .formatted(name, namespace, image);
    }
}
