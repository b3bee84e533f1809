package io.hypernetes.controllers.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

final class DeviceClaimsTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Duration LONG = Duration.ofSeconds(60);

    private final MemoryClient client = new MemoryClient();
    private final Informer pods = new Informer(client, BuiltinTypes.PODS);
    private final DeviceClaims controller =
            new DeviceClaims(client, pods, Clock.systemUTC()).start();

    @AfterEach
    void stop() {
        controller.close();
        pods.close();
    }

    private static ObjectKey key(String name) {
        return new ObjectKey(ACME, "web", name);
    }

    private static ObjectNode named(String name) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("namespace", "web").put("name", name);
        return object;
    }

    private void template() {
        ObjectNode template = named("gpus");
        ObjectNode spec = template.putObject("spec");
        spec.putObject("metadata").putObject("labels").put("team", "blue");
        spec.putObject("spec")
                .putObject("devices")
                .putArray("requests")
                .addObject()
                .put("name", "r");
        client.create(BuiltinTypes.RESOURCE_CLAIM_TEMPLATES, ACME, template);
    }

    private ObjectNode pod(String name, String node) {
        ObjectNode pod = named(name);
        ObjectNode spec = pod.putObject("spec");
        if (!node.isEmpty()) {
            spec.put("nodeName", node);
        }
        spec.putArray("resourceClaims")
                .addObject()
                .put("name", "gpu")
                .put("resourceClaimTemplateName", "gpus");
        return client.create(BuiltinTypes.PODS, ACME, pod);
    }

    private ObjectNode sharing(String name) {
        ObjectNode pod = named(name);
        pod.putObject("spec")
                .put("nodeName", "n1")
                .putArray("resourceClaims")
                .addObject()
                .put("name", "gpu")
                .put("resourceClaimName", "shared");
        return client.create(BuiltinTypes.PODS, ACME, pod);
    }

    private List<ObjectNode> claims() {
        return client.list(BuiltinTypes.RESOURCE_CLAIMS, Selection.of(ACME)).items().stream()
                .map(item -> item.object())
                .toList();
    }

    private String told(String pod) {
        return client.get(BuiltinTypes.PODS, key(pod))
                .at("/status/resourceClaimStatuses/0/resourceClaimName")
                .asString("");
    }

    private Optional<ObjectNode> claimOf(String pod) {
        return client.find(BuiltinTypes.RESOURCE_CLAIMS, key(told(pod)));
    }

    private void change(String claim, Consumer<ObjectNode> change) {
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> {
                    ObjectNode object = client.get(BuiltinTypes.RESOURCE_CLAIMS, key(claim));
                    change.accept(object);
                    client.update(BuiltinTypes.RESOURCE_CLAIMS, ACME, object);
                    return true;
                });
    }

    private static void allocate(ObjectNode claim) {
        Metadata.ensureFinalizers(claim).add("resource.kubernetes.io/delete-protection");
        claim.withObject("status").putObject("allocation").putObject("devices");
    }

    private void ended(String pod) {
        await().atMost(LONG)
                .ignoreExceptions()
                .until(() -> {
                    ObjectNode object = client.get(BuiltinTypes.PODS, key(pod));
                    object.withObject("status").put("phase", "Succeeded");
                    client.updateStatus(BuiltinTypes.PODS, ACME, object);
                    return true;
                });
    }

    private List<String> users(String claim) {
        return client.get(BuiltinTypes.RESOURCE_CLAIMS, key(claim))
                .at("/status/reservedFor")
                .valueStream()
                .map(user -> user.path("name").asString(""))
                .toList();
    }

    @Test
    void aPodGetsItsOwnClaim() {
        template();
        ObjectNode pod = pod("p", "");
        await().atMost(LONG).until(() -> claimOf("p").isPresent());
        ObjectNode claim = claimOf("p").orElseThrow();
        assertThat(Metadata.name(claim)).matches("p-gpu-[a-z0-9]{5}");
        assertThat(Metadata.label(claim, "team")).isEqualTo("blue");
        assertThat(Metadata.annotation(claim, "resource.kubernetes.io/pod-claim-name"))
                .isEqualTo("gpu");
        assertThat(Metadata.ownerReferences(claim).getFirst().uid()).isEqualTo(Metadata.uid(pod));
        assertThat(claim.at("/spec/devices/requests/0/name").asString("")).isEqualTo("r");
        client.delete(
                BuiltinTypes.RESOURCE_CLAIMS, key(Metadata.name(claim)), DeleteOptions.DEFAULT);
        await().atMost(LONG).until(() -> claimOf("p").isPresent());
        assertThat(claims()).hasSize(1);
    }

    @Test
    void aTemplateMayComeLater() {
        pod("p", "");
        await().atMost(LONG)
                .until(() ->
                        client.list(BuiltinTypes.EVENTS, Selection.of(ACME)).items().stream()
                                .anyMatch(event ->
                                        event.object()
                                                .path("reason")
                                                .asString("")
                                                .equals("FailedResourceClaimCreation")));
        template();
        await().atMost(LONG).until(() -> claimOf("p").isPresent());
    }

    @Test
    void aClaimGoesWhenItsPodHasEnded() {
        template();
        pod("p", "n1");
        await().atMost(LONG).until(() -> claimOf("p").isPresent());
        String claim = told("p");
        change(claim, DeviceClaimsTest::allocate);
        await().atMost(LONG).until(() -> users(claim).equals(List.of("p")));
        ended("p");
        await().atMost(LONG).until(() -> claims().isEmpty());
        assertThat(told("p")).isEqualTo(claim);
    }

    @Test
    void aSharedClaimIsFreeAfterItsLastUser() {
        client.create(BuiltinTypes.RESOURCE_CLAIMS, ACME, named("shared"));
        sharing("one");
        sharing("two");
        change("shared", DeviceClaimsTest::allocate);
        await().atMost(LONG).until(() -> users("shared").size() == 2);
        ended("one");
        await().atMost(LONG).until(() -> users("shared").equals(List.of("two")));
        client.delete(BuiltinTypes.PODS, key("two"), DeleteOptions.NOW);
        await().atMost(LONG)
                .until(() ->
                        client.get(BuiltinTypes.RESOURCE_CLAIMS, key("shared"))
                                .at("/status/allocation")
                                .isMissingNode());
        await().atMost(LONG)
                .until(() ->
                        Metadata.finalizers(client.get(BuiltinTypes.RESOURCE_CLAIMS, key("shared")))
                                .isEmpty());
        assertThat(users("shared")).isEmpty();
    }
}
