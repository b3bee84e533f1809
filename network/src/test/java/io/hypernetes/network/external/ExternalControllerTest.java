package io.hypernetes.network.external;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.memoryclient.MemoryClient;
import io.hypernetes.network.ExternalEngine;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.Uplink;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;

class ExternalControllerTest {

    private static final Tenant ACME = new Tenant("acme");
    private static final Tenant GLOBEX = new Tenant("globex");
    private static final Uplink UPLINK =
            new Uplink("x", "192.0.2.0/24", "192.0.2.1", "192.0.2.10", "192.0.2.12", List.of());

    private final MemoryClient client = new MemoryClient();
    private final Notes notes = new Notes();
    private final Informer networks = new Informer(client, BuiltinTypes.NETWORKS);
    private final Informer services = new Informer(client, BuiltinTypes.SERVICES);
    private final ExternalController controller =
            new ExternalController(client, notes, UPLINK, networks, services);

    /** What the data plane was told. */
    private static final class Notes implements ExternalEngine {
        private final Map<String, String> gateways = new ConcurrentHashMap<>();
        private final Map<String, List<String>> sources = new ConcurrentHashMap<>();
        private final Set<NetworkId> open = ConcurrentHashMap.newKeySet();

        @Override
        public Map<String, String> gateways() {
            return new TreeMap<>(gateways);
        }

        @Override
        public void ensureGateway(String tenant, String address) {
            gateways.put(tenant, address);
        }

        @Override
        public void deleteGateway(String tenant) {
            gateways.remove(tenant);
        }

        @Override
        public void ensureSources(String address, List<String> ranges) {
            sources.put(address, ranges);
        }

        @Override
        public void ensureEgress(NetworkId network, boolean allowed) {
            if (allowed) {
                open.add(network);
            } else {
                open.remove(network);
            }
        }
    }

    @BeforeEach
    void network() {
        notes.gateways.put("globex", "192.0.2.10"); // from before this program started
        for (Tenant tenant : List.of(ACME, GLOBEX)) {
            make(tenant, BuiltinTypes.NETWORKS, "{'metadata':{'name':'default'},'spec':{}}");
        }
        service(GLOBEX, "old", "");
    }

    @AfterEach
    void close() {
        controller.close();
        networks.close();
        services.close();
    }

    private ObjectNode make(Tenant tenant, ResourceType type, String json) {
        return client.create(
                type,
                tenant,
                Json.parseObject(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    private void service(Tenant tenant, String name, String more) {
        make(
                tenant,
                BuiltinTypes.SERVICES,
                "{'metadata':{'namespace':'web','name':'%s'},'spec':{'type':'LoadBalancer'%s}}"
                        .formatted(name, more));
    }

    private String address(Tenant tenant, String name) {
        return client.get(BuiltinTypes.SERVICES, new ObjectKey(tenant, "web", name))
                .path("status")
                .path("loadBalancer")
                .path("ingress")
                .path(0)
                .path("ip")
                .asString("none");
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 2_000 && !condition.getAsBoolean(); i++) {
            Thread.sleep(5);
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void servicesAndTenantsShareThePoolAndGiveBackWhatTheyHad() throws Exception {
        controller.start();
        await(() -> !address(GLOBEX, "old").equals("none"));
        assertThat(notes.gateways).containsEntry("globex", "192.0.2.10");
        assertThat(address(GLOBEX, "old")).isIn("192.0.2.11", "192.0.2.12");

        service(ACME, "late", ""); // one for the tenant itself, none is left for the service
        await(() -> notes.gateways.containsKey("acme"));
        assertThat(notes.gateways.values()).doesNotHaveDuplicates();
        assertThat(address(ACME, "late")).isEqualTo("none");

        client.delete(
                BuiltinTypes.SERVICES, new ObjectKey(GLOBEX, "web", "old"), DeleteOptions.DEFAULT);
        await(() -> !notes.gateways.containsKey("globex"));
        await(() -> !address(ACME, "late").equals("none"));
    }

    @Test
    void anAddressThatIsTakenOrForeignIsNotGiven() throws Exception {
        service(ACME, "a-taken", ",'loadBalancerIP':'192.0.2.10'");
        service(ACME, "b-foreign", ",'loadBalancerIP':'198.51.100.1'");
        service(ACME, "c-others", ",'loadBalancerClass':'example.com/x'");
        controller.start();
        await(() -> !address(GLOBEX, "old").equals("none"));
        await(() -> notes.gateways.containsKey("acme"));
        for (String name : List.of("a-taken", "b-foreign", "c-others")) {
            assertThat(address(ACME, name)).as(name).isEqualTo("none");
        }
    }

    @Test
    void whoMayAskIsToldAndForgottenWithTheService() throws Exception {
        client.delete(
                BuiltinTypes.SERVICES, new ObjectKey(GLOBEX, "web", "old"), DeleteOptions.DEFAULT);
        service(ACME, "some", ",'loadBalancerSourceRanges':['203.0.113.0/24','fd00::/8']");
        controller.start();
        await(() -> !address(ACME, "some").equals("none"));
        String address = address(ACME, "some");
        assertThat(notes.sources).containsEntry(address, List.of("203.0.113.0/24"));
        client.delete(
                BuiltinTypes.SERVICES, new ObjectKey(ACME, "web", "some"), DeleteOptions.DEFAULT);
        await(() -> notes.sources.getOrDefault(address, List.of("x")).isEmpty());
    }

    @Test
    void onlyNetworksThatAskForItAreOpened() throws Exception {
        controller.start();
        make(ACME, BuiltinTypes.NETWORKS, "{'metadata':{'name':'open'},'spec':{'egress':'NAT'}}");
        await(() -> notes.open.contains(new NetworkId("acme", "open")));
        assertThat(notes.open).doesNotContain(new NetworkId("acme", "default"));
        ObjectNode network = client.get(BuiltinTypes.NETWORKS, new ObjectKey(ACME, "", "open"));
        network.withObject("spec").put("egress", "None");
        client.update(BuiltinTypes.NETWORKS, ACME, network);
        await(() -> !notes.gateways.containsKey("acme"));
    }
}
