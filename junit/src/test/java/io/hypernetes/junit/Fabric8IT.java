package io.hypernetes.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

@KubernetesApi(perMethod = true, crds = "crds/*.yaml")
@NullUnmarked // fields are injected
final class Fabric8IT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @KubernetesApi private KubernetesClient client;

    private static ConfigMap map(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("made-by", "test")
                .endMetadata()
                .addToData("key", value)
                .build();
    }

    @Test
    void createsReadsEditsReplacesAndDeletes() {
        ConfigMap made = client.configMaps().resource(map("a", "1")).create();
        assertThat(made.getMetadata().getUid()).isNotEmpty();
        assertThat(made.getMetadata().getNamespace()).isEqualTo("default");

        client.configMaps()
                .withName("a")
                .edit(m -> new ConfigMapBuilder(m).addToData("more", "2").build());
        assertThat(client.configMaps().withName("a").get().getData())
                .containsExactlyInAnyOrderEntriesOf(Map.of("key", "1", "more", "2"));
        client.configMaps().resource(map("a", "3")).update();
        assertThat(client.configMaps().withName("a").get().getData()).isEqualTo(Map.of("key", "3"));

        assertThat(client.configMaps().withLabel("made-by", "test").list().getItems()).hasSize(1);
        client.configMaps().withName("a").withTimeout(30, TimeUnit.SECONDS).delete();
        assertThat(client.configMaps().withName("a").get()).isNull();
    }

    @Test
    void aStaleUpdateConflictsAndASecondCreateIsRefused() {
        ConfigMap first = client.configMaps().resource(map("a", "1")).create();
        client.configMaps().resource(map("a", "2")).update();

        first.getData().put("key", "stale");
        assertThatThrownBy(() ->
                        client.configMaps()
                                .resource(first)
                                .lockResourceVersion(first.getMetadata().getResourceVersion())
                                .update())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));
        assertThatThrownBy(() -> client.configMaps().resource(map("a", "1")).create())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getStatus().getReason()).isEqualTo("AlreadyExists"));
    }

    @Test
    void serverSideApplyMergesAndPatchesOfAllKindsHold() {
        client.configMaps().resource(map("a", "1")).fieldManager("one").serverSideApply();
        ConfigMap other =
                new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName("a")
                        .endMetadata()
                        .addToData("other", "2")
                        .build();
        client.configMaps().resource(other).fieldManager("two").serverSideApply();
        assertThat(client.configMaps().withName("a").get().getData())
                .containsOnlyKeys("key", "other");
        ConfigMap clash = new ConfigMapBuilder(other).withData(Map.of("key", "mine")).build();
        assertThatThrownBy(() ->
                        client.configMaps().resource(clash).fieldManager("two").serverSideApply())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));
        client.configMaps().resource(clash).fieldManager("two").forceConflicts().serverSideApply();
        assertThat(client.configMaps().withName("a").get().getData())
                .isEqualTo(Map.of("key", "mine"));

        client.configMaps()
                .withName("a")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"data\":{\"key\":null,\"merged\":\"1\"}}");
        client.configMaps()
                .withName("a")
                .patch(
                        PatchContext.of(PatchType.JSON),
                        "[{\"op\":\"add\",\"path\":\"/data/patched\",\"value\":\"2\"}]");
        client.configMaps()
                .withName("a")
                .patch(
                        PatchContext.of(PatchType.STRATEGIC_MERGE),
                        "{\"metadata\":{\"labels\":{\"s\":\"3\"}}}");
        ConfigMap end = client.configMaps().withName("a").get();
        assertThat(end.getData()).isEqualTo(Map.of("merged", "1", "patched", "2"));
        assertThat(end.getMetadata().getLabels()).containsEntry("s", "3");
    }

    @Test
    void manyKindsComeAndGoAsOneList() {
        List<HasMetadata> objects =
                List.of(
                        new SecretBuilder()
                                .withNewMetadata()
                                .withName("s")
                                .endMetadata()
                                .addToStringData("password", "x")
                                .build(),
                        new ServiceBuilder()
                                .withNewMetadata()
                                .withName("svc")
                                .endMetadata()
                                .withNewSpec()
                                .addNewPort()
                                .withPort(80)
                                .endPort()
                                .endSpec()
                                .build(),
                        new PodBuilder()
                                .withNewMetadata()
                                .withName("pod")
                                .endMetadata()
                                .withNewSpec()
                                .addNewContainer()
                                .withName("c")
                                .withImage("image")
                                .endContainer()
                                .endSpec()
                                .build());
        assertThat(client.resourceList(objects).create()).hasSize(3);
        assertThat(client.secrets().withName("s").get().getData())
                .containsEntry("password", "eA==");
        assertThat(client.pods().withName("pod").get().getStatus().getPhase()).isEqualTo("Pending");
        client.resourceList(objects).withGracePeriod(0).delete();
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(client.resourceList(objects).get())
                                .filteredOn(java.util.Objects::nonNull)
                                .isEmpty());
    }

    @Test
    void aDeploymentIsScaled() {
        client.apps()
                .deployments()
                .resource(
                        new DeploymentBuilder()
                                .withNewMetadata()
                                .withName("d")
                                .endMetadata()
                                .withNewSpec()
                                .withReplicas(1)
                                .withNewSelector()
                                .addToMatchLabels("app", "d")
                                .endSelector()
                                .withNewTemplate()
                                .withNewMetadata()
                                .addToLabels("app", "d")
                                .endMetadata()
                                .withNewSpec()
                                .addNewContainer()
                                .withName("c")
                                .withImage("image")
                                .endContainer()
                                .endSpec()
                                .endTemplate()
                                .endSpec()
                                .build())
                .create();
        client.apps().deployments().withName("d").scale(3);
        assertThat(client.apps().deployments().withName("d").get().getSpec().getReplicas())
                .isEqualTo(3);
    }

    @Test
    void aWatchTellsOfEveryChange() throws Exception {
        LinkedBlockingQueue<String> seen = new LinkedBlockingQueue<>();
        try (var _ =
                client.configMaps()
                        .withName("w")
                        .watch(
                                new Watcher<ConfigMap>() {
                                    @Override
                                    public void eventReceived(Action action, ConfigMap object) {
                                        seen.add(action + " " + object.getData().get("key"));
                                    }

                                    @Override
                                    public void onClose(WatcherException cause) {
                                        seen.add("closed");
                                    }
                                })) {
            client.configMaps().resource(map("w", "1")).create();
            client.configMaps().resource(map("w", "2")).update();
            client.configMaps().withName("w").delete();
            for (String expected : List.of("ADDED 1", "MODIFIED 2", "DELETED 2")) {
                assertThat(seen.poll(60, TimeUnit.SECONDS)).isEqualTo(expected);
            }
        }
    }

    @Test
    void customResourcesAreGenericResourcesWithAStatus() {
        ResourceDefinitionContext pages =
                new ResourceDefinitionContext.Builder()
                        .withGroup("sample.hypernetes.io")
                        .withVersion("v1")
                        .withKind("WebPage")
                        .withPlural("webpages")
                        .withNamespaced(true)
                        .build();
        GenericKubernetesResource page = new GenericKubernetesResource();
        page.setApiVersion("sample.hypernetes.io/v1");
        page.setKind("WebPage");
        page.setMetadata(new ObjectMetaBuilder().withName("p").build());
        page.setAdditionalProperty("spec", Map.of("html", "hi"));
        client.genericKubernetesResources(pages).inNamespace("default").resource(page).create();
        client.genericKubernetesResources(pages)
                .inNamespace("default")
                .withName("p")
                .editStatus(p -> {
                    p.setAdditionalProperty("status", Map.of("url", "http://p"));
                    p.setAdditionalProperty("spec", Map.of("html", "not by this way"));
                    return p;
                });
        GenericKubernetesResource stored =
                client.genericKubernetesResources(pages).inNamespace("default").withName("p").get();
        assertThat(stored.<String>get("status", "url")).isEqualTo("http://p");
        assertThat(stored.<String>get("spec", "html")).isEqualTo("hi");
    }

    @Test
    void deletingAnOwnerTakesWhatItOwnsOrOrphansIt() {
        for (DeletionPropagation policy :
                List.of(DeletionPropagation.BACKGROUND, DeletionPropagation.ORPHAN)) {
            String name = policy.name().toLowerCase(java.util.Locale.ROOT);
            ConfigMap owner = client.configMaps().resource(map(name, "owner")).create();
            ConfigMap owned = map(name + "-owned", "owned");
            owned.getMetadata()
                    .setOwnerReferences(
                            List.of(
                                    new OwnerReferenceBuilder()
                                            .withApiVersion("v1")
                                            .withKind("ConfigMap")
                                            .withName(name)
                                            .withUid(owner.getMetadata().getUid())
                                            .build()));
            client.configMaps().resource(owned).create();
            client.configMaps().withName(name).withPropagationPolicy(policy).delete();
        }
        await().atMost(SOON)
                .until(() -> client.configMaps().withName("background-owned").get() == null);
        await().atMost(SOON).until(() -> client.configMaps().withName("orphan").get() == null);
        assertThat(
                        client.configMaps()
                                .withName("orphan-owned")
                                .get()
                                .getMetadata()
                                .getOwnerReferences())
                .isEmpty();
    }

    @Test
    void oneOfTwoLeads() throws Exception {
        CompletableFuture<Void> leads = new CompletableFuture<>();
        AtomicBoolean second = new AtomicBoolean();
        CompletableFuture<?> one = elect("one", () -> leads.complete(null));
        leads.get(60, TimeUnit.SECONDS);
        CompletableFuture<?> two = elect("two", () -> second.set(true));
        assertThat(
                        client.leases()
                                .inNamespace("default")
                                .withName("lock")
                                .get()
                                .getSpec()
                                .getHolderIdentity())
                .isEqualTo("one");
        assertThat(second).isFalse();
        one.cancel(true);
        await().atMost(SOON).untilTrue(second);
        two.cancel(true);
    }

    private CompletableFuture<?> elect(String identity, Runnable start) {
        return client.leaderElector()
                .withConfig(
                        new LeaderElectionConfigBuilder()
                                .withName("test")
                                .withLock(new LeaseLock("default", "lock", identity))
                                .withLeaseDuration(Duration.ofSeconds(5))
                                .withRenewDeadline(Duration.ofSeconds(4))
                                .withRetryPeriod(Duration.ofMillis(500))
                                .withReleaseOnCancel(true)
                                .withLeaderCallbacks(new LeaderCallbacks(start, () -> {}, _ -> {}))
                                .build())
                .build()
                .start();
    }
}
