package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;

import org.awaitility.Awaitility;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.List;

/** Upstream's service.go, as far as it looks at the API alone. */
final class NetworkIT {
    private static String service(String name, String spec) {
        return "{apiVersion: v1, kind: Service, metadata: {name: %s, labels: {e2e: mine}}, spec: %s}"
                .formatted(name, spec);
    }

    private static Objects services(Space space) {
        return space.objects("v1", "services");
    }

    private static String text(ObjectNode service, String field) {
        return service.path("spec").path(field).asString("");
    }

    @Upstream("[sig-network] Services should complete a service status lifecycle [Conformance]")
    @InWorlds
    void theStatusOfAServiceIsWritten(Space space) {
        Objects services = services(space);
        services.create(
                service(
                        "s",
                        "{type: LoadBalancer, ports: [{name: http, port: 80, targetPort: 80}]}"));
        assertThat(services.get("s", "status").path("status").path("loadBalancer").isObject())
                .isTrue();
        ObjectNode patched =
                services.merge(
                        "s",
                        "{metadata: {annotations: {patchedstatus: 'true'}}, status: {loadBalancer:"
                                + " {ingress: [{ip: 203.0.113.1}]}}}",
                        "status");
        assertThat(Metadata.annotation(patched, "patchedstatus")).isEqualTo("true");
        assertThat(patched.path("status").path("loadBalancer").path("ingress")).hasSize(1);
        patched.withObjectProperty("status")
                .withArrayProperty("conditions")
                .addObject()
                .put("type", "StatusUpdate")
                .put("status", "True")
                .put("reason", "E2E")
                .put("message", "Set from e2e test")
                .put("lastTransitionTime", "2026-01-01T00:00:00Z");
        patched.withObjectProperty("metadata").remove("resourceVersion");
        assertThat(Definition.isTrue(services.replace(patched, "status"), "StatusUpdate")).isTrue();
        ObjectNode labelled = services.merge("s", "{metadata: {labels: {test: patched}}}");
        assertThat(Metadata.label(labelled, "test")).isEqualTo("patched");
        services.delete("s");
        services.awaitGone("s");
    }

    @Upstream("[sig-network] Services should delete a collection of services [Conformance]")
    @InWorlds
    void servicesAreDeletedByLabel(Space space) {
        Objects services = services(space);
        List.of("a", "b").forEach(n -> services.create(service(n, "{ports: [{port: 80}]}")));
        services.create(
                "{apiVersion: v1, kind: Service, metadata: {name: other}, spec: {ports: [{port:"
                        + " 80}]}}");
        assertThat(services.list()).hasSize(3);
        services.deleteAll(Objects.labelled("e2e=mine"));
        services.awaitCount(1);
    }

    @Upstream({
        "[sig-network] Services should find a service from listing all namespaces [Conformance]",
        "[sig-network] API Server should provide secure master service [Conformance]"
    })
    @InWorlds
    void everyWorldHasTheServiceOfItsServer(Space space) {
        Objects services = Objects.of(space.http(), "v1", "services", "default");
        ObjectNode kubernetes = services.await("kubernetes", _ -> true);
        assertThat(services.everyNamespace().names()).contains("kubernetes");
        assertThat(kubernetes.path("spec").path("ports"))
                .anySatisfy(port -> {
                    assertThat(port.path("name").asString()).isEqualTo("https");
                    assertThat(port.path("port").asInt()).isEqualTo(443);
                });
    }

    @Upstream(
            "[sig-network] API Server should have Endpoints and EndpointSlices pointing to API"
                    + " Server [Conformance]")
    @InWorlds
    void theServiceOfTheServerHasItsEndpoints(Space space) {
        ObjectNode endpoints =
                Objects.of(space.http(), "v1", "endpoints", "default")
                        .await("kubernetes", e -> !e.path("subsets").isEmpty());
        // The server of these tests listens on loopback alone: others do not reach it.
        String address = endpoints.at("/subsets/0/notReadyAddresses/0/ip").asString("");
        int port = endpoints.at("/subsets/0/ports/0/port").asInt();
        assertThat(address).isNotEmpty();
        String mine = Objects.labelled("kubernetes.io/service-name=kubernetes");
        Objects slices =
                Objects.of(space.http(), "discovery.k8s.io/v1", "endpointslices", "default");
        slices.awaitSome(mine);
        assertThat(slices.list(mine))
                .allSatisfy(slice -> {
                    assertThat(slice.at("/endpoints/0/addresses/0").asString()).isEqualTo(address);
                    assertThat(slice.at("/ports/0/port").asInt()).isEqualTo(port);
                    assertThat(slice.path("addressType").asString()).startsWith("IPv");
                });
    }

    @Upstream({
        "[sig-network] Services should be able to change the type from ClusterIP to ExternalName"
                + " [Conformance]",
        "[sig-network] Services should be able to change the type from ExternalName to ClusterIP"
                + " [Conformance]",
        "[sig-network] Services should be able to change the type from ExternalName to NodePort"
                + " [Conformance]",
        "[sig-network] Services should be able to change the type from NodePort to ExternalName"
                + " [Conformance]"
    })
    @InWorlds
    void addressesComeAndGoWithTheType(Space space) {
        Objects services = services(space);
        String name = "{type: ExternalName, externalName: foo.example.com}";
        assertThat(services.create(service("cluster", name)).path("spec").has("clusterIP"))
                .isFalse();
        ObjectNode cluster =
                services.merge(
                        "cluster",
                        "{spec: {type: ClusterIP, externalName: null, ports: [{port: 80, name:"
                                + " http}]}}");
        assertThat(text(cluster, "clusterIP")).matches("[0-9.]+");
        ObjectNode back =
                services.merge(
                        "cluster",
                        "{spec: {type: ExternalName, externalName: foo.example.com, clusterIP:"
                                + " null, clusterIPs: null}}");
        assertThat(text(back, "clusterIP")).isEmpty();

        services.create(service("node", name));
        ObjectNode node =
                services.merge(
                        "node",
                        "{spec: {type: NodePort, externalName: null, ports: [{port: 80, name:"
                                + " http}]}}");
        assertThat(node.path("spec").path("ports").path(0).path("nodePort").asInt()).isPositive();
        assertThat(text(node, "clusterIP")).isNotEmpty();
        ObjectNode gone =
                services.merge(
                        "node",
                        "{spec: {type: ExternalName, externalName: foo.example.com, clusterIP:"
                                + " null, clusterIPs: null, ports: null}}");
        assertThat(text(gone, "clusterIP")).isEmpty();
    }

    @Upstream("[sig-network] Endpoints should test the lifecycle of an Endpoint [Conformance]")
    @InWorlds
    void endpointsLive(Space space) {
        Objects endpoints = space.objects("v1", "endpoints");
        try (Watching watch = endpoints.watch(Objects.labelled("test-endpoint-static=true"))) {
            endpoints.create(
                    """
                    apiVersion: v1
                    kind: Endpoints
                    metadata: {name: testservice, labels: {test-endpoint-static: 'true'}}
                    subsets:
                    - addresses: [{ip: 10.0.0.24}]
                      ports: [{name: http, port: 80, protocol: TCP}]
                    """);
            watch.until("ADDED");
            ObjectNode read = endpoints.get("testservice");
            Metadata.ensureLabels(read).put("test-service", "updated");
            endpoints.replace(read);
            watch.until("MODIFIED", e -> Metadata.label(e, "test-service").equals("updated"));
            endpoints.patch(
                    "testservice",
                    Objects.STRATEGIC,
                    "{\"metadata\": {\"labels\": {\"test-service\": \"patched\"}}, \"subsets\":"
                            + " [{\"addresses\": [{\"ip\": \"10.0.0.25\"}], \"ports\": [{\"name\":"
                            + " \"http-test\", \"port\": 8080}]}]}");
            ObjectNode patched =
                    watch.until(
                                    "MODIFIED",
                                    e -> Metadata.label(e, "test-service").equals("patched"))
                            .object();
            assertThat(
                            patched.path("subsets")
                                    .path(0)
                                    .path("addresses")
                                    .path(0)
                                    .path("ip")
                                    .asString())
                    .isEqualTo("10.0.0.25");
            endpoints.deleteAll(Objects.labelled("test-endpoint-static=true"));
            watch.until("DELETED");
        }
    }

    private static List<String> addresses(Objects slices, String service) {
        return slices.list(Objects.labelled("kubernetes.io/service-name=" + service)).stream()
                .flatMap(slice -> slice.path("endpoints").valueStream())
                .flatMap(endpoint -> endpoint.path("addresses").valueStream())
                .map(JsonNode::asString)
                .sorted()
                .toList();
    }

    private static void awaitAddresses(Space space, String service, int count) {
        Objects slices = space.objects("discovery.k8s.io/v1", "endpointslices");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> addresses(slices, service).size() == count);
    }

    @Upstream({
        "[sig-network] EndpointSlice should create and delete EndpointSlices for a Service with a"
                + " selector that matches no pods [Conformance]",
        "[sig-network] EndpointsController should create and delete Endpoints for a Service with a"
                + " selector that matches no pods [Conformance]",
        "[sig-network] EndpointsController should create Endpoints for Pods matching a Service"
                + " [Conformance]",
        "[sig-network] EndpointSlice should create Endpoints and EndpointSlices for Pods matching a"
                + " Service [Conformance]",
        "[sig-network] Services should serve a basic endpoint from pods [Conformance]",
        "[sig-network] Services should serve multiport endpoints from pods [Conformance]"
    })
    @InWorlds
    void theEndpointsAreThoseOfThePods(Space space) {
        services(space)
                .create(
                        service(
                                "web",
                                "{selector: {app: web}, ports: [{name: a, port: 80, targetPort:"
                                        + " 8080}, {name: b, port: 81, targetPort: 8081}]}"));
        Objects endpoints = space.objects("v1", "endpoints");
        endpoints.await("web", e -> e.path("subsets").isEmpty());
        String pod =
                "{apiVersion: v1, kind: Pod, metadata: {name: %s, labels: {app: web}}, spec:"
                        + " {containers: [{name: c, image: i}]}}";
        for (int i = 1; i <= 2; i++) {
            space.pods().create(pod.formatted("p" + i));
            awaitAddresses(space, "web", i);
        }
        endpoints.await("web", e -> e.path("subsets").path(0).path("addresses").size() == 2);
        ObjectNode slice =
                space.objects("discovery.k8s.io/v1", "endpointslices")
                        .list(Objects.labelled("kubernetes.io/service-name=web"))
                        .getFirst();
        assertThat(slice.path("ports")).hasSize(2);
        space.pods().delete("p1", "{gracePeriodSeconds: 0}");
        awaitAddresses(space, "web", 1);
        services(space).delete("web");
        awaitAddresses(space, "web", 0);
        endpoints.awaitGone("web");
    }

    @Upstream(
            "[sig-network] EndpointSliceMirroring should mirror a custom Endpoints resource through"
                    + " create update and delete [Conformance]")
    @InWorlds
    void endpointsThatSomebodyKeepsAreMirrored(Space space) {
        services(space).create(service("own", "{ports: [{name: http, port: 80}]}"));
        Objects endpoints = space.objects("v1", "endpoints");
        endpoints.create(
                "{apiVersion: v1, kind: Endpoints, metadata: {name: own}, subsets: [{addresses:"
                        + " [{ip: 10.1.2.3}], ports: [{name: http, port: 80}]}]}");
        awaitAddresses(space, "own", 1);
        endpoints.merge(
                "own",
                "{subsets: [{addresses: [{ip: 10.2.3.4}, {ip: 10.2.3.5}], ports: [{name: http,"
                        + " port: 80}]}]}");
        awaitAddresses(space, "own", 2);
        endpoints.delete("own");
        awaitAddresses(space, "own", 0);
    }

    @Upstream(
            "[sig-network] ServiceCIDR and IPAddress API should support ServiceCIDR API operations"
                    + " [Conformance]")
    @InWorlds
    void rangesOfServices(Space space) {
        new Lifecycle(
                        space,
                        space.cluster("networking.k8s.io/v1", "servicecidrs"),
                        "ServiceCIDR",
                        "spec: {cidrs: [10.250.%d.0/24]}".formatted(space.isSystem() ? 1 : 2))
                .run();
    }

    @Upstream(
            "[sig-network] ServiceCIDR and IPAddress API should support IPAddress API operations"
                    + " [Conformance]")
    @InWorlds
    void anAddressIsAnObject(Space space) {
        Objects addresses = space.cluster("networking.k8s.io/v1", "ipaddresses");
        String name = "255.255.255.255";
        addresses.create(
                """
                apiVersion: networking.k8s.io/v1
                kind: IPAddress
                metadata: {name: %s, labels: {type: broadcast}}
                spec: {parentRef: {group: gateway.networking.k8s.io, resource: gateways, namespace: any, name: lb}}
                """
                        .formatted(name));
        assertThat(Metadata.name(addresses.get(name))).isEqualTo(name);
        ObjectNode patched = addresses.merge(name, "{metadata: {labels: {patched: 'true'}}}");
        Metadata.ensureLabels(patched).put("updated", "true");
        addresses.replace(patched);
        assertThat(addresses.names(Objects.labelled("type=broadcast,patched,updated")))
                .containsExactly(name);
        addresses.deleteAll(Objects.labelled("type=broadcast"));
        addresses.awaitGone(name);
    }
}
