package io.hypernetes.network.service;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.json.Json;
import io.hypernetes.network.ServiceEngine.Affinity;
import io.hypernetes.network.VirtualServer;
import io.hypernetes.network.VirtualServer.Backend;
import io.hypernetes.network.VirtualServer.Protocol;

import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;

class ServicePlanTest {

    private static final String PORTS =
            "'ports':[{'name':'web','port':80},{'name':'dns','port':53,'protocol':'UDP'}]";
    private static final String SLICE_PORTS =
            "'ports':[{'name':'web','port':8080,'protocol':'TCP'},{'name':'dns','port':5353,'protocol':'UDP'}]";

    private static ObjectNode tree(String json) {
        return Json.parseObject(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode service(String more) {
        return tree("{'spec':{'clusterIP':'10.96.0.20',%s%s}}".formatted(PORTS, more));
    }

    private static ObjectNode slice(String... endpoints) {
        return tree(
                "{'addressType':'IPv4',%s,'endpoints':[%s]}"
                        .formatted(SLICE_PORTS, String.join(",", endpoints)));
    }

    private static String endpoint(String ip, String conditions) {
        return "{'addresses':['%s'],'conditions':{%s}}".formatted(ip, conditions);
    }

    private static ServicePlan plan(ObjectNode service, List<ObjectNode> slices) {
        return ServicePlan.of(service, slices, List.of());
    }

    @Test
    void itIsAnsweredAtFloatingAddressesToo() {
        ServicePlan plan =
                ServicePlan.of(
                        service(""),
                        List.of(slice(endpoint("10.0.0.3", ""))),
                        List.of("192.0.2.7"));
        assertThat(plan.servers())
                .filteredOn(server -> server.address().equals("192.0.2.7"))
                .hasSize(2)
                .allMatch(server -> !server.backends().isEmpty());
    }

    @Test
    void whatAnotherProxyAnswersForIsLeftAlone() {
        List<ObjectNode> slices = List.of(slice(endpoint("10.0.0.3", "")));
        for (String label : List.of("service-proxy-name", "headless")) {
            ObjectNode service = service("");
            service.withObject("metadata")
                    .withObject("labels")
                    .put("service.kubernetes.io/" + label, "other");
            assertThat(plan(service, slices).servers()).isEmpty();
        }
    }

    private static List<Backend> web(ServicePlan plan) {
        return plan.servers().stream()
                .filter(server -> server.port() == 80)
                .findFirst()
                .orElseThrow()
                .backends();
    }

    @Test
    void portsAreMatchedByNameAndProtocol() {
        ServicePlan plan = plan(service(""), List.of(slice(endpoint("10.0.0.3", ""))));
        assertThat(plan.servers())
                .containsExactly(
                        new VirtualServer(
                                Protocol.TCP,
                                "10.96.0.20",
                                80,
                                List.of(new Backend("10.0.0.3", 8080))),
                        new VirtualServer(
                                Protocol.UDP,
                                "10.96.0.20",
                                53,
                                List.of(new Backend("10.0.0.3", 5353))));
        assertThat(plan.affinity()).isEqualTo(Affinity.NONE);
    }

    @Test
    void onlyReadyOnesAreUsedAndThoseThatEndWhenThereAreNoOthers() {
        String ready = endpoint("10.0.0.3", "'ready':true,'serving':true,'terminating':false");
        String starting = endpoint("10.0.0.4", "'ready':false,'serving':false");
        String ending = endpoint("10.0.0.5", "'ready':false,'serving':true,'terminating':true");
        assertThat(web(plan(service(""), List.of(slice(ready, starting, ending)))))
                .containsExactly(new Backend("10.0.0.3", 8080));
        assertThat(web(plan(service(""), List.of(slice(starting, ending)))))
                .containsExactly(new Backend("10.0.0.5", 8080));
        assertThat(web(plan(service(""), List.of(slice(starting))))).isEmpty();
        assertThat(web(plan(service(""), List.of()))).isEmpty();
    }

    @Test
    void everyAddressOfTheServiceAnswers() {
        ObjectNode service = service(",'externalIPs':['192.0.2.7'],'sessionAffinity':'ClientIP'");
        service.withObject("status")
                .set(
                        "loadBalancer",
                        tree("{'ingress':[{'ip':'198.51.100.1'},{'hostname':'a.test'}]}"));
        ServicePlan plan = plan(service, List.of());
        assertThat(plan.servers())
                .extracting(VirtualServer::address)
                .containsExactly(
                        "10.96.0.20",
                        "10.96.0.20",
                        "192.0.2.7",
                        "192.0.2.7",
                        "198.51.100.1",
                        "198.51.100.1");
        assertThat(plan.affinity()).isEqualTo(Affinity.CLIENT_ADDRESS);
    }

    @Test
    void servicesWithoutAnAddressNeedNothing() {
        for (String spec :
                List.of(
                        "{'spec':{'clusterIP':'None',%s}}",
                        "{'spec':{'type':'ExternalName','externalName':'a.test',%s}}",
                        "{'metadata':{'deletionTimestamp':'x'},'spec':{'clusterIP':'10.96.0.9',%s}}")) {
            assertThat(plan(tree(spec.formatted(PORTS)), List.of()).servers()).isEmpty();
        }
    }

    @Test
    void eachFamilyIsAnsweredByItsOwn() {
        ObjectNode service =
                tree(
                        "{'spec':{'clusterIPs':['10.96.0.20','fd00:10:96:0::14'],%s}}"
                                .formatted(PORTS));
        ObjectNode six = slice(endpoint("fd00::7", ""));
        six.put("addressType", "IPv6");
        ServicePlan plan = plan(service, List.of(six));
        assertThat(plan.servers())
                .extracting(VirtualServer::address)
                .containsExactly("10.96.0.20", "10.96.0.20", "fd00:10:96::14", "fd00:10:96::14");
        assertThat(web(plan)).as("IPv4").isEmpty();
        assertThat(plan.servers().get(2).backends())
                .extracting(Backend::toString)
                .containsExactly("[fd00::7]:8080");
    }
}
