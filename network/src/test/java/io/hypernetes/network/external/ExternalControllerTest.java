package io.hypernetes.network.external;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.custom.Conditions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.EventRecorder;
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
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    private final Informer floating = new Informer(client, BuiltinTypes.FLOATING_IPS);
    private final Informer pods = new Informer(client, BuiltinTypes.PODS);
    private final EventRecorder events =
            new EventRecorder(client, BuiltinTypes.EVENTS, "network", Clock.systemUTC());
    private final ExternalController controller =
            new ExternalController(
                    client,
                    events,
                    notes,
                    UPLINK,
                    new ExternalController.Mirrors(networks, services, floating, pods));

    /** What the data plane was told. */
    private static final class Notes implements ExternalEngine {
        private final Map<String, String> gateways = new ConcurrentHashMap<>();
        private final Map<String, List<String>> sources = new ConcurrentHashMap<>();
        private final Map<String, Map<String, String>> floating = new ConcurrentHashMap<>();
        private final Set<String> everLed = ConcurrentHashMap.newKeySet();
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
        public void ensureFloating(String tenant, Map<String, String> pods) {
            everLed.addAll(pods.keySet());
            floating.put(tenant, Map.copyOf(pods));
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
        floating.close();
        pods.close();
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
        for (int i = 0; i < 6_000 && !condition.getAsBoolean(); i++) {
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

    /** The status of its own objects is a tenant's to write. */
    @Test
    void nobodyGetsAnothersAddressByClaimingItBeforeAStart() throws Exception {
        controller.start();
        await(() -> !address(GLOBEX, "old").equals("none"));
        service(ACME, "mine", ""); // who comes first is served first, and there are three
        await(() -> notes.gateways.containsKey("acme"));
        String theirs = address(GLOBEX, "old");
        controller.close();
        ObjectKey key = new ObjectKey(ACME, "web", "mine");
        ObjectNode forged = client.get(BuiltinTypes.SERVICES, key).deepCopy();
        forged.withObject("status")
                .withObject("loadBalancer")
                .putArray("ingress")
                .addObject()
                .put("ip", theirs);
        client.updateStatus(BuiltinTypes.SERVICES, ACME, forged);
        floatingIp("forged", "");
        ObjectNode floatingIp = floatingIp("forged").deepCopy();
        floatingIp.putObject("status").put("address", theirs);
        client.updateStatus(BuiltinTypes.FLOATING_IPS, ACME, floatingIp);

        // What a start finds: others' objects may well be seen first.
        try (Informer some = new Informer(client, BuiltinTypes.SERVICES);
                ExternalController next =
                        new ExternalController(
                                client,
                                events,
                                notes,
                                UPLINK,
                                new ExternalController.Mirrors(networks, some, floating, pods))) {
            next.start();
            await(() -> reason("forged", "Allocated").equals("PoolExhausted"));
            assertThat(address(GLOBEX, "old")).isEqualTo(theirs);
            assertThat(floatingIp("forged").path("status").path("address").asString("")).isEmpty();
        }
        ObjectNode record =
                client.get(
                        BuiltinTypes.CONFIG_MAPS,
                        new ObjectKey(Tenant.SYSTEM, "kube-system", "external-addresses"));
        assertThat(record.path("data").path(theirs).asString("")).isEqualTo("globex/web/old");
    }

    @Test
    void whoMayAskIsToldAndForgottenWithTheService() throws Exception {
        client.delete(
                BuiltinTypes.SERVICES, new ObjectKey(GLOBEX, "web", "old"), DeleteOptions.DEFAULT);
        service(ACME, "some", ",'loadBalancerSourceRanges':['203.0.113.0/24','fd00::/8']");
        controller.start();
        await(() -> !address(ACME, "some").equals("none"));
        String address = address(ACME, "some");
        assertThat(notes.sources).containsEntry(address, List.of("203.0.113.0/24", "fd00::/8"));
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

    private void pod(String name, String ip) {
        make(
                ACME,
                BuiltinTypes.PODS,
                "{'metadata':{'namespace':'web','name':'%s'},'status':{'podIP':'%s','phase':'Running'}}"
                        .formatted(name, ip));
    }

    private ObjectNode floatingIp(String name) {
        return client.get(BuiltinTypes.FLOATING_IPS, new ObjectKey(ACME, "web", name));
    }

    private String reason(String name, String condition) {
        return Conditions.find(floatingIp(name), condition).path("reason").asString("none");
    }

    private void floatingIp(String name, String spec) {
        make(
                ACME,
                BuiltinTypes.FLOATING_IPS,
                "{'metadata':{'namespace':'web','name':'%s'},'spec':{%s}}".formatted(name, spec));
    }

    private void aim(String name, String target) {
        ObjectNode changed = floatingIp(name).deepCopy();
        changed.withObject("spec")
                .set(
                        "target",
                        Json.parseObject(
                                target.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
        client.update(BuiltinTypes.FLOATING_IPS, ACME, changed);
    }

    @Test
    void aFloatingAddressIsAllocatedAttachedMovedAndReleased() throws Exception {
        controller.start();
        await(() -> !address(GLOBEX, "old").equals("none"));
        client.delete(
                BuiltinTypes.SERVICES, new ObjectKey(GLOBEX, "web", "old"), DeleteOptions.DEFAULT);
        await(() -> !notes.gateways.containsKey("globex"));

        floatingIp("mine", "'address':'192.0.2.12'");
        await(() -> reason("mine", "Allocated").equals("Allocated"));
        assertThat(floatingIp("mine").path("status").path("address").asString(""))
                .isEqualTo("192.0.2.12");
        assertThat(reason("mine", "Attached")).isEqualTo("NoTarget");
        assertThat(notes.gateways).as("nobody is reached at it").doesNotContainKey("acme");
        floatingIp("same", "'address':'192.0.2.12'");
        await(() -> reason("same", "Allocated").equals("AddressNotAvailable"));

        aim("mine", "{'kind':'Pod','name':'a'}");
        await(() -> reason("mine", "Attached").equals("TargetNotFound"));
        pod("a", "10.0.0.3");
        pod("b", "10.0.0.4");
        await(() -> reason("mine", "Attached").equals("Attached"));
        assertThat(notes.floating).containsEntry("acme", Map.of("192.0.2.12", "10.0.0.3"));
        assertThat(notes.gateways).containsKey("acme");

        aim("mine", "{'kind':'Pod','name':'b'}");
        await(() ->
                notes.floating
                        .getOrDefault("acme", Map.of())
                        .equals(Map.of("192.0.2.12", "10.0.0.4")));
        client.delete(BuiltinTypes.PODS, new ObjectKey(ACME, "web", "b"), DeleteOptions.DEFAULT);
        await(() -> reason("mine", "Attached").equals("TargetNotFound"));

        client.delete(
                BuiltinTypes.FLOATING_IPS,
                new ObjectKey(ACME, "web", "mine"),
                DeleteOptions.DEFAULT);
        await(() -> reason("same", "Allocated").equals("Allocated"));
        assertThat(events("mine")).contains("Allocated", "Attached", "TargetNotFound");
    }

    private List<String> events(String name) {
        return client.list(BuiltinTypes.EVENTS, Selection.of(ACME)).items().stream()
                .map(TenantObject::object)
                .filter(event ->
                        event.path("involvedObject").path("name").asString("").equals(name))
                .map(event -> event.path("reason").asString(""))
                .toList();
    }

    @Test
    void twoFloatingAddressesOfOnePodAreOne() throws Exception {
        pod("a", "10.0.0.3");
        floatingIp("first", "'target':{'kind':'Pod','name':'a'}");
        floatingIp("second", "'target':{'kind':'Pod','name':'a'}");
        client.delete(
                BuiltinTypes.SERVICES, new ObjectKey(GLOBEX, "web", "old"), DeleteOptions.DEFAULT);
        controller.start();
        await(() -> reason("first", "Attached").equals("Attached"));
        await(() -> reason("second", "Attached").equals("TargetInUse"));
        service(ACME, "late", "");
        await(() ->
                floatingIp("first").path("status").path("phase").asString("").equals("Attached"));
        assertThat(address(ACME, "late")).as("the pool is empty").isEqualTo("none");
    }

    @Test
    void whoIsReachedIsNotWhatAStatusSays() throws Exception {
        pod("a", "10.0.0.3");
        floatingIp("forged", "'target':{'kind':'Pod','name':'a'}");
        ObjectNode forged = floatingIp("forged").deepCopy();
        forged.putObject("status").put("address", "192.0.2.250"); // somebody else's
        client.updateStatus(BuiltinTypes.FLOATING_IPS, ACME, forged);
        make( // one that leaves: who stays is led to meanwhile
                ACME,
                BuiltinTypes.FLOATING_IPS,
                "{'metadata':{'namespace':'web','name':'leaving','finalizers':['%s']}}"
                        .formatted(FloatingIps.FINALIZER));
        ObjectKey leaving = new ObjectKey(ACME, "web", "leaving");
        client.delete(BuiltinTypes.FLOATING_IPS, leaving, DeleteOptions.DEFAULT);
        controller.start();
        await(() -> client.find(BuiltinTypes.FLOATING_IPS, leaving).isEmpty());
        await(() -> reason("forged", "Attached").equals("Attached"));
        assertThat(notes.everLed).doesNotContain("192.0.2.250");
    }

    @Test
    void whereTheUplinkHasIpv6AnAddressOfItComesWithEachOfThePool() throws Exception {
        client.delete(
                BuiltinTypes.SERVICES, new ObjectKey(GLOBEX, "web", "old"), DeleteOptions.DEFAULT);
        Uplink both =
                new Uplink(
                        "x",
                        "192.0.2.0/24",
                        "192.0.2.1",
                        "192.0.2.10",
                        "192.0.2.20",
                        List.of(),
                        Optional.of(new Uplink.Ipv6("2001:db8::/64", "2001:db8::1")));
        service(ACME, "dual", ",'ipFamilies':['IPv6','IPv4'],'loadBalancerIP':'192.0.2.14'");
        service(ACME, "six", ",'ipFamilies':['IPv6'],'loadBalancerIP':'192.0.2.15'");
        service(ACME, "four", ",'ipFamilies':['IPv4'],'loadBalancerIP':'192.0.2.16'");
        make(
                ACME,
                BuiltinTypes.PODS,
                "{'metadata':{'namespace':'web','name':'a'},'status':{'phase':'Running','podIP':'fd00:1::3','podIPs':[{'ip':'fd00:1::3'},{'ip':'10.0.0.3'}]}}");
        floatingIp("mine", "'address':'192.0.2.12','target':{'kind':'Pod','name':'a'}");
        try (ExternalController dual =
                new ExternalController(
                        client,
                        events,
                        notes,
                        both,
                        new ExternalController.Mirrors(networks, services, floating, pods))) {
            dual.start();
            await(() -> reason("mine", "Attached").equals("Attached"));
            assertThat(notes.floating)
                    .containsEntry(
                            "acme",
                            Map.of("192.0.2.12", "10.0.0.3", "2001:db8::c000:20c", "fd00:1::3"));
            assertThat(floatingIp("mine").at("/status/ipv6Address").asString(""))
                    .isEqualTo("2001:db8::c000:20c");
            assertThat(floatingIp("mine").at("/status/attachedTo/address").asString(""))
                    .isEqualTo("10.0.0.3");
            for (String name : List.of("dual", "six", "four")) {
                await(() -> !address(ACME, name).equals("none"));
            }
            assertThat(ingress("dual")).containsExactly("2001:db8::c000:20e", "192.0.2.14");
            assertThat(ingress("six")).containsExactly("2001:db8::c000:20f");
            assertThat(ingress("four")).containsExactly("192.0.2.16");
        }
    }

    private List<String> ingress(String name) {
        return client.get(BuiltinTypes.SERVICES, new ObjectKey(ACME, "web", name))
                .at("/status/loadBalancer/ingress")
                .valueStream()
                .map(entry -> entry.path("ip").asString(""))
                .toList();
    }

    @Test
    void withoutAnUplinkTheReasonIsTold() throws Exception {
        floatingIp("mine", "");
        try (NoWayOut closed = new NoWayOut(client, events, floating)) {
            closed.start();
            await(() -> reason("mine", "Allocated").equals("NoUplink"));
            client.delete(
                    BuiltinTypes.FLOATING_IPS,
                    new ObjectKey(ACME, "web", "mine"),
                    DeleteOptions.DEFAULT);
            await(() ->
                    client.find(BuiltinTypes.FLOATING_IPS, new ObjectKey(ACME, "web", "mine"))
                            .isEmpty());
        }
    }
}
