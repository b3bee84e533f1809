package io.hypernetes.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;

import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Of java-operator-sdk: event sources, retries, errors in the status, leases, narrow rights. */
@KubernetesApi(perMethod = true, crds = "crds/*.yaml", manifests = "rights/themed.yaml")
@NullUnmarked // fields are injected
final class ThemedOperatorIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    @KubernetesApi private KubernetesClient client;

    /** May read pages and maps, write the pages' status, and no more. */
    @KubernetesApi(user = "themed")
    private KubernetesClient limited;

    private final ThemedOperator themed = new ThemedOperator();
    private final List<Operator> running = new ArrayList<>();

    @AfterEach
    void stop() {
        running.forEach(Operator::stop);
    }

    private void start() {
        Operator operator =
                new Operator(o -> o.withKubernetesClient(limited).withCloseClientOnStop(false));
        operator.register(themed);
        operator.start();
        running.add(operator);
    }

    private void awaitStatus(String page, String text) {
        await().atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(() ->
                        assertThat(
                                        client.resources(WebPage.class)
                                                .withName(page)
                                                .get()
                                                .getStatus()
                                                .url)
                                .isEqualTo(text));
    }

    private void theme(String colour) {
        client.resource(
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName("theme")
                                .addToLabels(ThemedOperator.THEME_OF, "p")
                                .endMetadata()
                                .addToData("colour", colour)
                                .build())
                .serverSideApply();
    }

    @Test
    void whatAnotherObjectSaysIsReconciled() {
        start();
        client.resource(OperatorSdkIT.page("p", "one")).create();
        awaitStatus("p", "plain");
        theme("red");
        awaitStatus("p", "red");
        theme("blue");
        awaitStatus("p", "blue");
        client.configMaps().withName("theme").delete();
        awaitStatus("p", "plain");
    }

    @Test
    void whatFailsIsTriedAgainAndTold() {
        themed.failures.set(Integer.MAX_VALUE);
        start();
        client.resource(OperatorSdkIT.page("p", "one")).create();
        awaitStatus("p", "not now");
        await().atMost(SOON).until(() -> themed.attempts.size() > 3);
        themed.failures.set(0);
        // Should all attempts be used up by now, a change begins them anew.
        client.resources(WebPage.class)
                .withName("p")
                .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"html\": \"two\"}}");
        awaitStatus("p", "plain");
        assertThat(themed.attempts).startsWith(0, 1, 2, 3);
    }

    private Operator candidate(String name, ThemedOperator reconciler) {
        Operator operator =
                new Operator(o ->
                        o.withKubernetesClient(client)
                                .withCloseClientOnStop(false)
                                .withLeaderElectionConfiguration(
                                        LeaderElectionConfigurationBuilder
                                                .aLeaderElectionConfiguration("pages")
                                                .withLeaseNamespace("default")
                                                .withIdentity(name)
                                                .withRetryPeriod(Duration.ofMillis(300))
                                                .buildForTest(false)));
        operator.register(reconciler);
        operator.start();
        return operator;
    }

    @Test
    void oneOfTwoOperatorsLeadsAndTheOtherFollows() {
        ThemedOperator second = new ThemedOperator();
        Operator first = candidate("one", themed);
        await().atMost(SOON).until(() -> "one".equals(holder()));
        running.add(candidate("two", second));
        client.resource(OperatorSdkIT.page("p", "one")).create();
        awaitStatus("p", "plain");
        assertThat(themed.reconciled).contains("p");
        assertThat(second.reconciled).isEmpty();
        first.stop();
        await().atMost(SOON).until(() -> "two".equals(holder()));
        client.resource(OperatorSdkIT.page("q", "one")).create();
        awaitStatus("q", "plain");
        assertThat(second.reconciled).contains("q");
        assertThat(themed.reconciled).doesNotContain("q");
    }

    private String holder() {
        var lease = client.leases().inNamespace("default").withName("pages").get();
        return lease == null ? "" : lease.getSpec().getHolderIdentity();
    }
}
