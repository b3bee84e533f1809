package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Cluster addresses and node ports: who gets which, who is refused, what becomes free again. */
@TestInstance(Lifecycle.PER_CLASS)
class ServicesIT {
    private TestServer server;

    @BeforeAll
    void start() throws IOException {
        server = new TestServer();
    }

    @AfterAll
    void stop() {
        server.close();
    }

    @AfterEach
    void removeServices() {
        for (Tenant tenant : List.of(TestServer.ACME, TestServer.GLOBEX)) {
            server.client()
                    .list(BuiltinTypes.SERVICES, Selection.of(tenant))
                    .items()
                    .forEach(item ->
                            server.client()
                                    .delete(BuiltinTypes.SERVICES, item.key(), DeleteOptions.NOW));
            assertThat(addresses(tenant)).isEmpty();
        }
    }

    private static ObjectNode service(String name, String spec) {
        ObjectNode service = Json.object();
        service.putObject("metadata").put("name", name).put("namespace", "default");
        ObjectNode given =
                Json.parseObject(spec.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
        if (!given.has("ports") && !given.has("externalName")) {
            given.putArray("ports").addObject().put("port", 80);
        }
        service.set("spec", given);
        return service;
    }

    private ObjectNode create(Tenant tenant, String name, String spec) {
        return (ObjectNode)
                server.client()
                        .create(BuiltinTypes.SERVICES, tenant, service(name, spec))
                        .get("spec");
    }

    private ObjectNode change(String name, Consumer<ObjectNode> change) {
        ObjectKey key = new ObjectKey(TestServer.ACME, "default", name);
        ObjectNode service = server.client().get(BuiltinTypes.SERVICES, key);
        change.accept((ObjectNode) service.get("spec"));
        return (ObjectNode)
                server.client().update(BuiltinTypes.SERVICES, TestServer.ACME, service).get("spec");
    }

    private List<String> addresses(Tenant tenant) {
        return server
                .client()
                .list(BuiltinTypes.IP_ADDRESSES, Selection.of(tenant))
                .items()
                .stream()
                .map(item -> item.key().name())
                .toList();
    }

    private void refused(String name, String spec, String message) {
        assertThatThrownBy(() -> create(TestServer.ACME, name, spec))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining(message);
    }

    @Test
    void aServiceGetsAnAddressThatAnObjectStandsFor() {
        ObjectNode spec = create(TestServer.ACME, "web", "{}");
        String address = spec.path("clusterIP").asString();
        assertThat(address).matches("10\\.(9[6-9]|10[0-9]|11[01])\\.[0-9]+\\.[0-9]+");
        assertThat(spec.path("clusterIPs").toString()).isEqualTo("[\"" + address + "\"]");
        assertThat(spec.path("ipFamilies").toString()).isEqualTo("[\"IPv4\"]");
        assertThat(spec.path("ipFamilyPolicy").asString()).isEqualTo("SingleStack");
        ObjectNode object = server.stored(BuiltinTypes.IP_ADDRESSES, TestServer.ACME, "", address);
        assertThat(object.at("/spec/parentRef").toString())
                .isEqualTo(
                        "{\"group\":\"\",\"resource\":\"services\",\"namespace\":\"default\","
                                + "\"name\":\"web\"}");
        assertThat(object.at("/metadata/labels/ipaddress.kubernetes.io~1ip-family").asString())
                .isEqualTo("IPv4");
    }

    @Test
    void anAddressIsOneServicesAloneInItsWorldAndFreeInAnother() {
        create(TestServer.ACME, "a", "{'clusterIP':'10.96.0.10'}");
        refused(
                "b",
                "{'clusterIP':'10.96.0.10'}",
                "Service \"b\" is invalid: spec.clusterIPs: Invalid value: [\"10.96.0.10\"]: failed"
                        + " to allocate IP 10.96.0.10: provided IP is already allocated");
        refused(
                "b",
                "{'clusterIP':'10.0.0.1'}",
                "failed to allocate IP 10.0.0.1: the provided network does not match the current"
                        + " range");
        refused("b", "{'clusterIP':'10.96.0.0'}", "does not match the current range");
        assertThat(
                        create(TestServer.GLOBEX, "a", "{'clusterIP':'10.96.0.10'}")
                                .path("clusterIP")
                                .asString())
                .isEqualTo("10.96.0.10");
        assertThat(addresses(TestServer.ACME)).containsExactly("10.96.0.10");
    }

    @Test
    void servicesWithoutAddressesTakeNone() {
        ObjectNode headless =
                create(TestServer.ACME, "h", "{'clusterIP':'None','selector':{'a':'b'}}");
        assertThat(headless.path("clusterIPs").toString()).isEqualTo("[\"None\"]");
        assertThat(headless.path("ipFamilies").toString()).isEqualTo("[\"IPv4\"]");
        ObjectNode unselected = create(TestServer.ACME, "u", "{'clusterIP':'None'}");
        assertThat(unselected.path("ipFamilyPolicy").asString()).isEqualTo("RequireDualStack");
        assertThat(unselected.path("ipFamilies").toString()).isEqualTo("[\"IPv4\",\"IPv6\"]");
        ObjectNode external =
                create(TestServer.ACME, "e", "{'type':'ExternalName','externalName':'a.b'}");
        assertThat(external.has("clusterIP")).isFalse();
        assertThat(external.has("ipFamilies")).isFalse();
        assertThat(addresses(TestServer.ACME)).isEmpty();
    }

    @Test
    void oneFamilyIsAllThereIs() {
        refused(
                "x",
                "{'ipFamilyPolicy':'RequireDualStack'}",
                "spec.ipFamilyPolicy: Invalid value: \"RequireDualStack\": this cluster is not"
                        + " configured for dual-stack services");
        refused(
                "x",
                "{'ipFamilies':['IPv6']}",
                "spec.ipFamilies[0]: Invalid value: \"IPv6\": not configured on this cluster");
        refused(
                "x",
                "{'clusterIP':'fd00::1'}",
                "spec.clusterIPs[0]: Invalid value: [\"fd00::1\"]: IPv6 is not configured on this"
                        + " cluster");
        assertThat(
                        create(TestServer.ACME, "p", "{'ipFamilyPolicy':'PreferDualStack'}")
                                .path("ipFamilies")
                                .toString())
                .isEqualTo("[\"IPv4\"]");
    }

    @Test
    void aTypeThatNeedsNoAddressGivesItBack() {
        String address = create(TestServer.ACME, "w", "{}").path("clusterIP").asString();
        ObjectNode external =
                change("w", spec -> spec.put("type", "ExternalName").put("externalName", "a.b"));
        assertThat(external.has("clusterIP")).isFalse();
        assertThat(addresses(TestServer.ACME)).isEmpty();
        create(TestServer.ACME, "other", "{'clusterIP':'" + address + "'}");
        ObjectNode back =
                change(
                        "w",
                        spec -> {
                            spec.put("type", "ClusterIP").remove("externalName");
                            spec.putArray("ports").addObject().put("port", 80);
                        });
        assertThat(back.path("clusterIP").asString()).isNotEmpty().isNotEqualTo(address);
    }

    @Test
    void whoWantsTheSameAddressAtOnceGetsItOnce() throws Exception {
        List<Boolean> won = new ArrayList<>();
        Set<String> given = new HashSet<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> asked =
                    IntStream.range(0, 16)
                            .mapToObj(i -> threads.submit(() -> wins("s" + i)))
                            .toList();
            List<Future<String>> any =
                    IntStream.range(0, 32)
                            .mapToObj(i ->
                                    threads.submit(() ->
                                            create(TestServer.ACME, "d" + i, "{'type':'NodePort'}")
                                                    .at("/ports/0/nodePort")
                                                    .asString("")))
                            .toList();
            for (Future<Boolean> future : asked) {
                won.add(future.get());
            }
            for (Future<String> future : any) {
                given.add(future.get());
            }
        }
        assertThat(won.stream().filter(w -> w)).hasSize(1);
        assertThat(given).hasSize(32);
        assertThat(addresses(TestServer.ACME)).hasSize(33);
    }

    private boolean wins(String name) {
        try {
            create(TestServer.ACME, name, "{'clusterIP':'10.96.0.77'}");
            return true;
        } catch (ApiException e) {
            assertThat(e.status().reason()).isEqualTo(Reason.INVALID);
            return false;
        }
    }

    @Test
    void nodePortsAreGivenKeptAndGivenBack() {
        ObjectNode spec =
                create(
                        TestServer.ACME,
                        "dns",
                        "{'type':'NodePort','ports':[{'name':'t','port':53},"
                                + "{'name':'u','port':53,'protocol':'UDP'},"
                                + "{'name':'m','port':9153,'nodePort':30053}]}");
        int port = spec.at("/ports/0/nodePort").asInt();
        assertThat(port).isBetween(30086, 32767);
        assertThat(spec.at("/ports/1/nodePort").asInt()).isEqualTo(port);
        refused(
                "x",
                "{'type':'NodePort','ports':[{'port':1,'nodePort':30053}]}",
                "spec.ports[0].nodePort: Invalid value: 30053: provided port is already allocated");
        refused(
                "x",
                "{'type':'NodePort','ports':[{'port':1,'nodePort':80}]}",
                "spec.ports[0].nodePort: Invalid value: 80: provided port is not in the valid"
                        + " range. The range of valid ports is 30000-32767");
        ObjectNode inner = change("dns", s -> s.put("type", "ClusterIP"));
        assertThat(inner.at("/ports/0").has("nodePort")).isFalse();
        assertThat(inner.has("externalTrafficPolicy")).isFalse();
        create(TestServer.ACME, "x", "{'type':'NodePort','ports':[{'port':1,'nodePort':30053}]}");
    }

    @Test
    void aBalancerThatStaysLocalGetsAPortForItsHealth() {
        String spec = "{'type':'LoadBalancer','externalTrafficPolicy':'Local'}";
        int port = create(TestServer.ACME, "lb", spec).path("healthCheckNodePort").asInt();
        assertThat(port).isBetween(30086, 32767);
        ObjectNode changed =
                change(
                        "lb",
                        s -> {
                            s.put("externalTrafficPolicy", "Cluster");
                        });
        assertThat(changed.has("healthCheckNodePort")).isFalse();
        create(
                TestServer.ACME,
                "x",
                "{'type':'NodePort','ports':[{'port':1,'nodePort':" + port + "}]}");
        ObjectNode none =
                create(
                        TestServer.ACME,
                        "lb2",
                        "{'type':'LoadBalancer','allocateLoadBalancerNodePorts':false}");
        assertThat(none.at("/ports/0").has("nodePort")).isFalse();
    }

    @Test
    void aManifestWithoutWhatWasAllocatedChangesNothing() {
        ObjectNode before = create(TestServer.ACME, "w", "{'type':'NodePort'}");
        ObjectNode again = service("w", "{'type':'NodePort'}");
        ObjectNode after =
                (ObjectNode)
                        server.client()
                                .update(BuiltinTypes.SERVICES, TestServer.ACME, again)
                                .get("spec");
        assertThat(after).isEqualTo(before);
        assertThat(addresses(TestServer.ACME)).hasSize(1);
    }

    @Test
    void aDryRunTakesNothing() {
        String body = Json.text(service("w", "{'clusterIP':'10.96.0.30'}"));
        String path = "/api/v1/namespaces/default/services?dryRun=All";
        assertThat(server.send(TestServer.ALICE, "POST", path, body).statusCode()).isEqualTo(201);
        assertThat(addresses(TestServer.ACME)).isEmpty();
    }

    @Test
    void aRangeOfAWorldsOwnGivesASecondFamily() {
        ObjectNode cidr = Json.object();
        cidr.putObject("metadata").put("name", "mine");
        cidr.putObject("spec").putArray("cidrs").add("10.96.0.0/12").add("fd00:10:96::/112");
        ObjectNode made = server.client().create(BuiltinTypes.SERVICE_CIDRS, TestServer.ACME, cidr);
        assertThat(made.at("/status/conditions/0/type").asString()).isEqualTo("Ready");
        ObjectNode both = create(TestServer.ACME, "b", "{'ipFamilyPolicy':'PreferDualStack'}");
        assertThat(both.path("clusterIPs")).hasSize(2);
        assertThat(both.at("/clusterIPs/1").asString()).startsWith("fd00:10:96::");
        assertThat(addresses(TestServer.ACME)).hasSize(2);
        ObjectNode one = change("b", spec -> spec.put("ipFamilyPolicy", "SingleStack"));
        assertThat(one.path("clusterIPs")).hasSize(1);
        assertThat(one.path("ipFamilies").toString()).isEqualTo("[\"IPv4\"]");
        assertThat(addresses(TestServer.ACME)).hasSize(1);
        server.client()
                .delete(
                        BuiltinTypes.SERVICE_CIDRS,
                        new ObjectKey(TestServer.ACME, "", "mine"),
                        DeleteOptions.NOW);
    }
}
