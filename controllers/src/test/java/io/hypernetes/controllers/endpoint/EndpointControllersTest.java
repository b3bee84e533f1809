package io.hypernetes.controllers.endpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.memoryclient.MemoryClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;

final class EndpointControllersTest {
    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant GLOBEX = new Tenant("globex");

    private final MemoryClient client = new MemoryClient();
    private final Informer pods = new Informer(client, BuiltinTypes.PODS);
    private final EndpointControllers controllers = new EndpointControllers(client, pods).start();

    @AfterEach
    void stop() {
        controllers.close();
        pods.close();
    }

    private ObjectNode create(ResourceType type, Tenant tenant, String yaml) {
        ObjectNode object = Yaml.parse(yaml.getBytes(StandardCharsets.UTF_8)).tree();
        Metadata.ensureMetadata(object).put("namespace", "web");
        return client.create(type, tenant, object);
    }

    private void service(Tenant tenant, String more) {
        create(
                BuiltinTypes.SERVICES,
                tenant,
                "{metadata: {name: web, labels: {team: a}}, spec: {selector: {app: web}, ports:"
                        + " [{name: http, port: 80, targetPort: http}]"
                        + more
                        + "}}");
    }

    private void pod(Tenant tenant, String name, String ip, int port, boolean ready) {
        pod(tenant, name, ip, port, ready, "app: web");
    }

    private void pod(
            Tenant tenant, String name, String ip, int port, boolean ready, String labels) {
        ObjectNode pod =
                create(
                        BuiltinTypes.PODS,
                        tenant,
                        """
                        metadata: {name: %s, labels: {%s}}
                        spec:
                          nodeName: n1
                          terminationGracePeriodSeconds: 30
                          containers: [{name: c, ports: [{name: http, containerPort: %d}]}]
                        """
                                .formatted(name, labels, port));
        ObjectNode status = pod.putObject("status").put("phase", "Running").put("podIP", ip);
        status.putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", ready ? "True" : "False");
        client.updateStatus(BuiltinTypes.PODS, tenant, pod);
    }

    private List<ObjectNode> slices(Tenant tenant) {
        return client
                .list(BuiltinTypes.ENDPOINT_SLICES, Selection.of(tenant, "web"))
                .items()
                .stream()
                .map(TenantObject::object)
                .toList();
    }

    /** {@code IP:port ready}, of all slices, sorted. */
    private List<String> shown(Tenant tenant) {
        return slices(tenant).stream()
                .flatMap(slice -> slice.path("endpoints").valueStream().map(e -> shown(slice, e)))
                .sorted()
                .toList();
    }

    private static String shown(ObjectNode slice, JsonNode endpoint) {
        return endpoint.path("addresses").path(0).asString()
                + ":"
                + slice.path("ports").path(0).path("port").asInt()
                + (endpoint.path("conditions").path("ready").asBoolean() ? "" : " not ready");
    }

    private JsonNode endpoints(Tenant tenant) {
        return client.find(BuiltinTypes.ENDPOINTS, new ObjectKey(tenant, "web", "web"))
                .map(found -> found.path("subsets"))
                .orElse(Json.object());
    }

    @Test
    void podsBecomeEndpointsByTheirReadinessAndNamedPorts() {
        service(ACME, "");
        await().until(() -> slices(ACME).size() == 1);
        assertThat(shown(ACME)).isEmpty();
        pod(ACME, "a", "10.0.0.1", 8080, true);
        pod(ACME, "b", "10.0.0.2", 8080, false);
        pod(ACME, "c", "10.0.0.3", 9090, true);
        pod(GLOBEX, "a", "10.0.0.1", 8080, true);

        List<String> all = List.of("10.0.0.1:8080", "10.0.0.2:8080 not ready", "10.0.0.3:9090");
        await().until(() -> shown(ACME).equals(all));
        await().until(() -> slices(ACME).size() == 2);
        ObjectNode slice = slices(ACME).getFirst();
        assertThat(Metadata.labels(slice))
                .containsEntry("kubernetes.io/service-name", "web")
                .containsEntry("team", "a");
        assertThat(Metadata.ownerReferences(slice).getFirst().kind()).isEqualTo("Service");
        assertThat(slices(GLOBEX)).isEmpty();

        await().until(() -> endpoints(ACME).size() == 2);
        JsonNode first = endpoints(ACME).path(0);
        assertThat(first.at("/addresses/0/targetRef/name").asString()).isEqualTo("a");
        assertThat(first.at("/notReadyAddresses/0/ip").asString()).isEqualTo("10.0.0.2");
        assertThat(first.at("/ports/0/port").asInt()).isEqualTo(8080);
    }

    @Test
    void clientsAreToldWhichEndpointsAreNear() {
        service(ACME, ", trafficDistribution: PreferSameNode");
        service(GLOBEX, "");
        String zoned = "app: web, topology.kubernetes.io/zone: z1";
        for (Tenant tenant : List.of(ACME, GLOBEX)) {
            pod(tenant, "a", "10.0.0.1", 8080, true, zoned);
            pod(tenant, "b", "10.0.0.2", 8080, false, zoned);
            await().until(() -> shown(tenant).size() == 2);
        }
        await().untilAsserted(() -> {
            JsonNode near = slices(ACME).getFirst().path("endpoints");
            assertThat(near.path(0).path("zone").asString("")).isEqualTo("z1");
            assertThat(near.path(0).path("hints").toString())
                    .isEqualTo(
                            "{\"forZones\":[{\"name\":\"z1\"}],\"forNodes\":[{\"name\":\"n1\"}]}");
            assertThat(near.path(1).has("hints")).isFalse();
        });
        JsonNode anywhere = slices(GLOBEX).getFirst().at("/endpoints/0");
        assertThat(anywhere.path("zone").asString("")).isEqualTo("z1");
        assertThat(anywhere.has("hints")).isFalse();
    }

    @Test
    void whoGoesIsNotReadyAndThenNotThere() {
        service(ACME, "");
        pod(ACME, "a", "10.0.0.1", 8080, true);
        await().until(() -> shown(ACME).equals(List.of("10.0.0.1:8080")));
        ObjectKey key = new ObjectKey(ACME, "web", "a");
        client.delete(BuiltinTypes.PODS, key, DeleteOptions.DEFAULT);
        await().until(() -> shown(ACME).equals(List.of("10.0.0.1:8080 not ready")));
        assertThat(slices(ACME).getFirst().at("/endpoints/0/conditions/serving").asBoolean())
                .isTrue();
        await().until(() -> endpoints(ACME).isEmpty());
        client.delete(BuiltinTypes.PODS, key, DeleteOptions.NOW);
        await().until(() -> shown(ACME).isEmpty());

        client.delete(BuiltinTypes.SERVICES, new ObjectKey(ACME, "web", "web"), DeleteOptions.NOW);
        await().until(() ->
                client.find(BuiltinTypes.ENDPOINTS, new ObjectKey(ACME, "web", "web")).isEmpty());
    }

    @Test
    void manyPodsFillSlicesOfAHundred() {
        for (int i = 0; i < 230; i++) {
            pod(ACME, "p" + i, "10.0.1." + i, 8080, true);
        }
        service(ACME, ", publishNotReadyAddresses: true");
        await().until(() -> shown(ACME).size() == 230);
        assertThat(slices(ACME).stream().map(slice -> slice.path("endpoints").size()))
                .containsExactlyInAnyOrder(100, 100, 30);
        client.delete(BuiltinTypes.PODS, new ObjectKey(ACME, "web", "p7"), DeleteOptions.NOW);
        await().until(() -> shown(ACME).size() == 229);
        assertThat(slices(ACME)).hasSize(3);
    }

    @Test
    void endpointsThatSomebodyKeepsAreMirrored() {
        create(BuiltinTypes.SERVICES, ACME, "{metadata: {name: web}, spec: {ports: [{port: 80}]}}");
        create(
                BuiltinTypes.ENDPOINTS,
                ACME,
                """
                metadata: {name: web}
                subsets:
                - addresses: [{ip: 192.0.2.1}]
                  notReadyAddresses: [{ip: "2001:db8::1"}]
                  ports: [{port: 5432, protocol: TCP}]
                """);
        await().until(() ->
                shown(ACME).equals(List.of("192.0.2.1:5432", "2001:db8::1:5432 not ready")));
        assertThat(slices(ACME).stream().map(slice -> slice.path("addressType").asString()))
                .containsExactlyInAnyOrder("IPv4", "IPv6");

        ObjectNode service = client.get(BuiltinTypes.SERVICES, new ObjectKey(ACME, "web", "web"));
        service.withObject("spec").putObject("selector").put("app", "web");
        client.update(BuiltinTypes.SERVICES, ACME, service);
        await().until(() -> shown(ACME).isEmpty());
    }
}
