package io.hypernetes.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.Operator;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Optional;

@KubernetesApi(perMethod = true, crds = "crds/*.yaml")
@NullUnmarked // fields are injected
final class OperatorSdkIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @KubernetesApi private KubernetesClient client;

    private final WebPageOperator pages = new WebPageOperator();
    private Optional<Operator> running = Optional.empty();

    @BeforeEach
    void start() {
        Operator operator =
                new Operator(o -> o.withKubernetesClient(client).withCloseClientOnStop(false));
        operator.register(pages);
        operator.start();
        running = Optional.of(operator);
    }

    @AfterEach
    void stop() {
        running.ifPresent(Operator::stop);
    }

    private static WebPage page(String html) {
        return page("p", html);
    }

    static WebPage page(String name, String html) {
        WebPage page = new WebPage();
        page.setMetadata(new ObjectMetaBuilder().withName(name).withNamespace("default").build());
        WebPage.Spec spec = new WebPage.Spec();
        spec.html = html;
        page.setSpec(spec);
        return page;
    }

    @Test
    void aPageBecomesObjectsWithAnOwnerAndGetsAStatus() {
        WebPage made = client.resource(page("one")).create();
        await().atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(
                                        client.resources(WebPage.class)
                                                .withName("p")
                                                .get()
                                                .getStatus()
                                                .url)
                                .isEqualTo("http://p"));
        assertThat(client.apps().deployments().withName("p").get().getMetadata())
                .satisfies(meta ->
                        assertThat(meta.getOwnerReferences())
                                .singleElement()
                                .satisfies(owner ->
                                        assertThat(owner.getUid())
                                                .isEqualTo(made.getMetadata().getUid())));
        assertThat(client.services().withName("p").get().getSpec().getSelector())
                .containsEntry("page", "p");

        client.resources(WebPage.class)
                .withName("p")
                .edit(p -> {
                    p.getSpec().html = "two";
                    return p;
                });
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(client.configMaps().withName("p").get().getData())
                                .containsEntry("index.html", "two"));
    }

    @Test
    void whatSomebodyDeletesIsMadeAgain() {
        client.resource(page("one")).create();
        await().atMost(SOON).until(() -> client.configMaps().withName("p").get() != null);
        String first = client.configMaps().withName("p").get().getMetadata().getUid();
        client.configMaps().withName("p").delete();
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(client.configMaps().withName("p").get())
                                .isNotNull()
                                .satisfies(map ->
                                        assertThat(map.getMetadata().getUid())
                                                .isNotEqualTo(first)));
    }

    /** Dependents are applied by the server: fields have owners, and others' fields stay. */
    @Test
    void whatOthersAddStaysAndWhatTheyChangeComesBack() {
        client.resource(page("one")).create();
        await().atMost(SOON).until(() -> web() != null);
        assertThat(web().getMetadata().getManagedFields())
                .singleElement()
                .satisfies(fields -> {
                    assertThat(fields.getOperation()).isEqualTo("Apply");
                    assertThat(fields.getManager()).isEqualTo("webpageoperator");
                });
        client.apps()
                .deployments()
                .withName("p")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"labels\": {\"theirs\": \"yes\"}}, \"spec\":"
                                + " {\"replicas\": 5}}");
        await().atMost(SOON).until(() -> web().getSpec().getReplicas() == 1);
        assertThat(web().getMetadata().getLabels()).containsEntry("theirs", "yes");
    }

    private Deployment web() {
        return client.apps().deployments().withName("p").get();
    }

    @Test
    void aDeletedPageIsCleanedUpAndTakesItsObjectsAlong() {
        client.resource(page("one")).create();
        await().atMost(SOON).until(() -> client.services().withName("p").get() != null);
        client.resources(WebPage.class).withName("p").delete();
        await().atMost(SOON)
                .until(() -> client.resources(WebPage.class).withName("p").get() == null);
        assertThat(pages.cleaned).contains("p");
        await().atMost(SOON)
                .until(() ->
                        client.configMaps().withName("p").get() == null
                                && client.apps().deployments().withName("p").get() == null
                                && client.services().withName("p").get() == null);
    }
}
