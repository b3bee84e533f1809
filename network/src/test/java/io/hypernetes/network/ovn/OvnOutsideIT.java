package io.hypernetes.network.ovn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.networking.ServiceRanges;
import io.hypernetes.memoryclient.MemoryClient;
import io.hypernetes.network.Host;
import io.hypernetes.network.Machine;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.NetworkException;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.NetworkSpec;
import io.hypernetes.network.PolicyEngine.Direction;
import io.hypernetes.network.PolicyEngine.Policy;
import io.hypernetes.network.PolicyId;
import io.hypernetes.network.Port;
import io.hypernetes.network.PortId;
import io.hypernetes.network.ServiceEngine.Affinity;
import io.hypernetes.network.ServiceId;
import io.hypernetes.network.Uplink;
import io.hypernetes.network.VirtualServer;
import io.hypernetes.network.VirtualServer.Backend;
import io.hypernetes.network.VirtualServer.Protocol;
import io.hypernetes.network.external.FloatingControllers;
import io.hypernetes.network.tap.Veth;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The way out over a real OVN: a veth leads to a host that plays all that is outside. */
class OvnOutsideIT {

    private static final NetworkId ACME = new NetworkId("acme", "default");
    private static final NetworkId GLOBEX = new NetworkId("globex", "default");
    private static final Duration SHORT = Duration.ofMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Of the internet, behind the next hop. */
    private static final String FAR = "203.0.113.9";

    private static final Uplink UPLINK =
            new Uplink(
                    "outside0",
                    "192.0.2.0/24",
                    "192.0.2.1",
                    "192.0.2.100",
                    "192.0.2.199",
                    List.of("198.51.100.0/24"));

    private static final Uplink UPLINK_OF_BOTH =
            new Uplink(
                    "outside0",
                    "192.0.2.0/24",
                    "192.0.2.1",
                    "192.0.2.100",
                    "192.0.2.199",
                    List.of("198.51.100.0/24", "2001:db8:c::/48"),
                    Optional.of(new Uplink.Ipv6("2001:db8::/64", "2001:db8::1")));

    private static final String FAR_IPV6 = "2001:db8:f::9";

    /**
     * Of the internet, private, translated from metadata's address, and what the operator closed.
     */
    private static final List<String> IPV6_HOSTS =
            List.of(FAR_IPV6, "fd00:9::9", "64:ff9b::a9fe:a9fe", "2001:db8:c::1");

    @TempDir static Path directory;

    private static OvnDaemons daemons;
    private static Host outside;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private NetworkEngine engine;

    @BeforeAll
    static void startOvn() throws IOException {
        daemons = new OvnDaemons(directory.resolve("ovn"), Datapath.best());
        daemons.start();
        outside = new Host("hnt-" + daemons.netns().name());
        new Veth(daemons.netns(), UPLINK.device(), outside.netns())
                .ensure("02:00:00:00:00:01", List.of(UPLINK.gateway() + "/24"), 1500, List.of());
        for (String address : List.of(FAR, "169.254.169.254", "10.9.9.9", "198.51.100.1")) {
            outside.ip("addr", "add", address + "/32", "dev", "lo");
        }
        outside.tellPeers(80);
    }

    @AfterAll
    static void stopOvn() throws Exception {
        outside.close();
        daemons.purge();
    }

    @BeforeEach
    void openEngine() {
        engine = new OvnEngine(daemons, Optional.of(UPLINK), ServiceRanges.DEFAULT);
        for (NetworkId network : List.of(ACME, GLOBEX)) {
            engine.ensureNetwork(new NetworkSpec(network, "10.0.0.0/24", "10.0.0.1"));
        }
    }

    @AfterEach
    void removeEverything() throws Exception {
        for (AutoCloseable resource : opened.reversed()) {
            resource.close();
        }
        engine.services().services().forEach(engine.services()::deleteService);
        engine.networks().forEach(engine::deleteNetwork);
        assertThat(engine.outside().gateways()).isEmpty();
        engine.close();
    }

    private Machine pod(NetworkId network, String uid) {
        Port port = engine.attach(network, new PortId(network.tenant(), uid));
        Machine machine = new Machine(port);
        opened.add(machine);
        engine.awaitReady(port);
        return machine;
    }

    private static String heard(Host client, String ip, int port) {
        try {
            return client.ask(ip, port, SHORT);
        } catch (IOException e) {
            return "nothing";
        }
    }

    private static void await(String expected, Host client, String ip, int port)
            throws InterruptedException {
        String heard = "";
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            heard = heard(client, ip, port);
            if (heard.equals(expected)) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError(ip + ":" + port + " says " + heard + ", not " + expected);
    }

    private void open(NetworkId network, String address) {
        engine.outside().ensureGateway(network.tenant(), address);
        engine.outside().ensureEgress(network, true);
    }

    @Test
    void aNetworkIsClosedUntilItIsOpenedAndEachTenantHasAnAddressOfItsOwn() throws Exception {
        Machine acme = pod(ACME, "a");
        Machine globex = pod(GLOBEX, "g");
        assertThat(acme.ip()).isEqualTo(globex.ip());
        assertThat(heard(acme, FAR, 80)).isEqualTo("nothing");

        open(ACME, "192.0.2.100");
        open(GLOBEX, "192.0.2.101");
        await("192.0.2.100", acme, FAR, 80);
        await("192.0.2.101", globex, FAR, 80);
        assertThat(engine.outside().gateways())
                .containsEntry("acme", "192.0.2.100")
                .containsEntry("globex", "192.0.2.101");

        engine.outside().ensureGateway("acme", "192.0.2.102");
        engine.outside().ensureEgress(ACME, true);
        await("192.0.2.102", acme, FAR, 80);
        engine.outside().ensureEgress(ACME, false);
        await("nothing", acme, FAR, 80);
        await("192.0.2.101", globex, FAR, 80);
    }

    @Test
    void theMachineMetadataPrivateAndClosedRangesAreNotReached() throws Exception {
        Machine acme = pod(ACME, "a");
        open(ACME, "192.0.2.100");
        await("192.0.2.100", acme, FAR, 80);
        for (String address :
                List.of(UPLINK.gateway(), "169.254.169.254", "10.9.9.9", "198.51.100.1")) {
            assertThat(heard(acme, address, 80)).as(address).isEqualTo("nothing");
        }
    }

    @Test
    void aHostOutsideThatHasARouteReachesNobodyInside() throws Exception {
        Machine acme = pod(ACME, "a").serveTcp(8080, "inner");
        open(ACME, "192.0.2.100");
        await("192.0.2.100", acme, FAR, 80);
        outside.ip("route", "add", "10.0.0.0/24", "via", "192.0.2.100");
        outside.ip("route", "add", "10.96.0.0/12", "via", "192.0.2.100");
        try {
            assertThat(heard(outside, acme.ip(), 8080)).isEqualTo("nothing");
            assertThat(heard(outside, "10.96.0.1", 443)).isEqualTo("nothing");
            assertThat(heard(outside, "192.0.2.100", 8080)).isEqualTo("nothing");
        } finally {
            outside.ip("route", "del", "10.0.0.0/24");
            outside.ip("route", "del", "10.96.0.0/12");
        }
    }

    @Test
    void ipv6HasNoWayOutAndNoWayInUnlessTheUplinkHasARangeOfIt() throws Exception {
        NetworkId both = both();
        Machine inner = pod(both, "a").serveTcp(8080, "inner");
        Machine neighbour = pod(both, "b");
        engine.outside().ensureGateway("acme", "192.0.2.100");
        engine.outside().ensureEgress(both, true);
        await("192.0.2.100", inner, FAR, 80);
        await("inner", neighbour, inner.ipv6(), 8080);
        String router = OvnNames.mac(new NetworkId("acme", "outside"), "192.0.2.100");
        outside.ip("-6", "addr", "add", "2001:db8::1/64", "dev", "eth0", "nodad");
        outside.ip("-6", "route", "add", "fd00:5::/64", "via", "2001:db8::2");
        outside.ip("neigh", "add", "2001:db8::2", "lladdr", router, "dev", "eth0");
        try {
            assertThat(heard(outside, inner.ipv6(), 8080)).isEqualTo("nothing");
            assertThat(heard(inner, "2001:db8::1", 80)).isEqualTo("nothing");
        } finally {
            outside.ip("-6", "route", "del", "fd00:5::/64");
            outside.ip("-6", "addr", "del", "2001:db8::1/64", "dev", "eth0");
        }
    }

    private NetworkId both() {
        NetworkId both = new NetworkId("acme", "both");
        engine.ensureNetwork(
                new NetworkSpec(
                        both,
                        new NetworkSpec.Range("10.5.0.0/24", "10.5.0.1"),
                        List.of(new NetworkSpec.Range("fd00:5::/64", "fd00:5::1"))));
        return both;
    }

    @Test
    void ipv6GoesOutWithTheAddressBesideTheTenantsAndNothingComesIn() throws Exception {
        engine.close();
        engine = new OvnEngine(daemons, Optional.of(UPLINK_OF_BOTH), ServiceRanges.DEFAULT);
        NetworkId both = both();
        Machine inner = pod(both, "a").serveTcp(8080, "inner");
        outside.ip("-6", "addr", "add", "2001:db8::1/64", "dev", "eth0", "nodad");
        for (String address : IPV6_HOSTS) {
            outside.ip("-6", "addr", "add", address + "/128", "dev", "lo");
        }
        outside.ip("-6", "route", "add", "fd00:5::/64", "via", "2001:db8::c000:264");
        try {
            assertThat(heard(inner, FAR_IPV6, 80)).as("before it is opened").isEqualTo("nothing");
            engine.outside().ensureGateway("acme", "192.0.2.100");
            engine.outside().ensureEgress(both, true);
            await("2001:db8:0:0:0:0:c000:264", inner, FAR_IPV6, 80);
            await("192.0.2.100", inner, FAR, 80);
            for (String address : IPV6_HOSTS) {
                if (!address.equals(FAR_IPV6)) {
                    assertThat(heard(inner, address, 80)).as(address).isEqualTo("nothing");
                }
            }
            assertThat(heard(inner, "2001:db8::1", 80)).as("the next hop").isEqualTo("nothing");
            assertThat(heard(outside, inner.ipv6(), 8080)).isEqualTo("nothing");
            assertThat(heard(outside, "2001:db8::c000:264", 8080)).isEqualTo("nothing");

            engine.outside().ensureEgress(both, false);
            await("nothing", inner, FAR_IPV6, 80);
        } finally {
            outside.ip("-6", "route", "del", "fd00:5::/64");
            outside.ip("-6", "addr", "del", "2001:db8::1/64", "dev", "eth0");
            for (String address : IPV6_HOSTS) {
                outside.ip("-6", "addr", "del", address + "/128", "dev", "lo");
            }
        }
    }

    /** All of it but the API server: objects, their controllers, and packets. */
    @Test
    void aFloatingAddressOfAServiceIsAnsweredByItsPodsAndMovesToAnother() throws Exception {
        Machine a = pod(ACME, "a").serveTcp(8080, "a");
        Machine b = pod(ACME, "b").serveTcp(8080, "b");
        Machine globex = pod(GLOBEX, "g");
        Tenant acme = new Tenant("acme");
        MemoryClient client = new MemoryClient();
        client.create(
                BuiltinTypes.NETWORKS, acme, json("{'metadata':{'name':'default'},'spec':{}}"));
        client.create( // another tenant, who may ask outside
                BuiltinTypes.NETWORKS,
                new Tenant("globex"),
                json("{'metadata':{'name':'default'},'spec':{'egress':'NAT'}}"));
        service(client, acme, "front", a);
        service(client, acme, "back", b);
        ObjectKey key = new ObjectKey(acme, "web", "door");
        String floating =
                "{'metadata':{'namespace':'web','name':'door'},'spec':{'address':'192.0.2.150','target':{'kind':'Service','name':'%s'}}}";
        client.create(BuiltinTypes.FLOATING_IPS, acme, json(floating.formatted("front")));
        try (FloatingControllers _ = new FloatingControllers(client, engine, UPLINK)) {
            await("a", outside, "192.0.2.150", 80);
            await("a", globex, "192.0.2.150", 80);

            ObjectNode moved = client.get(BuiltinTypes.FLOATING_IPS, key).deepCopy();
            ((ObjectNode) moved.at("/spec/target")).put("name", "back");
            client.update(BuiltinTypes.FLOATING_IPS, acme, moved);
            await("b", outside, "192.0.2.150", 80);

            client.delete(BuiltinTypes.FLOATING_IPS, key, DeleteOptions.DEFAULT);
            await("nothing", outside, "192.0.2.150", 80);
            assertThat(a.ask("10.96.0.30", 80)).as("the service itself goes on").isEqualTo("a");
        }
    }

    private static void service(MemoryClient client, Tenant tenant, String name, Machine server) {
        String address = name.equals("front") ? "10.96.0.30" : "10.96.0.31";
        client.create(
                BuiltinTypes.SERVICES,
                tenant,
                json(
                        "{'metadata':{'namespace':'web','name':'%s'},'spec':{'type':'ClusterIP','clusterIP':'%s','ports':[{'name':'http','port':80}]}}"
                                .formatted(name, address)));
        client.create(
                BuiltinTypes.ENDPOINT_SLICES,
                tenant,
                json(
                        "{'metadata':{'namespace':'web','name':'%s-1','labels':{'kubernetes.io/service-name':'%s'}},'addressType':'IPv4','ports':[{'name':'http','port':8080,'protocol':'TCP'}],'endpoints':[{'addresses':['%s'],'conditions':{'ready':true}}]}"
                                .formatted(name, name, server.ip())));
    }

    private static ObjectNode json(String text) {
        return Json.parseObject(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aServiceIsReachedAtItsAddressOutside() throws Exception {
        Machine acme = pod(ACME, "a").serveTcp(8080, "shop");
        Machine globex = pod(GLOBEX, "g");
        open(GLOBEX, "192.0.2.101");
        engine.outside().ensureGateway("acme", "192.0.2.100");
        engine.services()
                .ensureService(
                        new ServiceId("acme", "web", "shop"),
                        List.of(
                                new VirtualServer(
                                        Protocol.TCP,
                                        "192.0.2.110",
                                        80,
                                        List.of(new Backend(acme.ip(), 8080)))),
                        Affinity.NONE);
        await("shop", outside, "192.0.2.110", 80);
        await("shop", globex, "192.0.2.110", 80); // another tenant is somebody outside
        assertThat(heard(acme, FAR, 80)).as("the pod still may not begin").isEqualTo("nothing");

        engine.outside().ensureSources("192.0.2.110", List.of("203.0.113.0/24", "192.0.2.101/32"));
        await("nothing", outside, "192.0.2.110", 80);
        await("shop", globex, "192.0.2.110", 80);
        engine.close();
        engine =
                new OvnEngine(
                        daemons,
                        Optional.of(UPLINK),
                        ServiceRanges.DEFAULT); // the rules of before still hold
        assertThat(heard(outside, "192.0.2.110", 80)).isEqualTo("nothing");
        engine.outside().ensureSources("192.0.2.110", List.of());
        await("shop", outside, "192.0.2.110", 80);

        engine.services().deleteService(new ServiceId("acme", "web", "shop"));
        await("nothing", outside, "192.0.2.110", 80);
    }

    @Test
    void aFloatingAddressLeadsToItsPodAndMoves() throws Exception {
        Machine a = pod(ACME, "a").serveTcp(8080, "a");
        Machine b = pod(ACME, "b").serveTcp(8080, "b");
        Machine globex = pod(GLOBEX, "g");
        open(ACME, "192.0.2.100");
        open(GLOBEX, "192.0.2.101");
        engine.outside().ensureFloating("acme", Map.of("192.0.2.120", a.ip()));
        await("a", outside, "192.0.2.120", 8080);
        await("a", globex, "192.0.2.120", 8080);
        await("192.0.2.120", a, FAR, 80); // it is seen with it
        await("192.0.2.100", b, FAR, 80);
        for (String address : List.of(UPLINK.gateway(), "169.254.169.254", "10.9.9.9")) {
            assertThat(heard(a, address, 80)).as(address).isEqualTo("nothing");
        }

        engine.outside().ensureFloating("acme", Map.of("192.0.2.120", b.ip()));
        await("b", outside, "192.0.2.120", 8080);
        await("192.0.2.120", b, FAR, 80);
        await("192.0.2.100", a, FAR, 80);
        engine.policies()
                .ensurePolicy(
                        new PolicyId("acme", "web", "guard"),
                        1,
                        new Policy(Set.of(b.port().id()), Set.of(Direction.INGRESS), List.of()));
        await("nothing", outside, "192.0.2.120", 8080);
        engine.policies().deletePolicy(new PolicyId("acme", "web", "guard"));
        await("b", outside, "192.0.2.120", 8080);

        engine.outside().ensureFloating("acme", Map.of());
        await("nothing", outside, "192.0.2.120", 8080);
    }

    /** Objects, their controllers, and packets of IPv6 beside those of IPv4. */
    @Test
    void servicesAndPodsAreReachedAtAddressesOfIpv6OutsideToo() throws Exception {
        engine.close();
        engine = new OvnEngine(daemons, Optional.of(UPLINK_OF_BOTH), ServiceRanges.DEFAULT);
        NetworkId both = both();
        Machine a = pod(both, "a").serveTcp(8080, "a");
        Machine b = pod(both, "b").serveTcp(8080, "b");
        Tenant acme = new Tenant("acme");
        MemoryClient client = new MemoryClient();
        client.create(BuiltinTypes.NETWORKS, acme, json("{'metadata':{'name':'both'},'spec':{}}"));
        client.create(
                BuiltinTypes.SERVICES,
                acme,
                json(
                        "{'metadata':{'namespace':'web','name':'shop'},'spec':{'type':'LoadBalancer','loadBalancerIP':'192.0.2.110','clusterIP':'10.96.0.30','clusterIPs':['10.96.0.30','fd00:10:96::30'],'ipFamilies':['IPv4','IPv6'],'ports':[{'name':'http','port':80}]}}"));
        slice(client, acme, "IPv4", a.ip());
        slice(client, acme, "IPv6", a.ipv6());
        client.create(
                BuiltinTypes.PODS,
                acme,
                json(
                        "{'metadata':{'namespace':'web','name':'b'},'status':{'phase':'Running','podIP':'%s','podIPs':[{'ip':'%s'},{'ip':'%s'}]}}"
                                .formatted(b.ip(), b.ip(), b.ipv6())));
        client.create(
                BuiltinTypes.FLOATING_IPS,
                acme,
                json(
                        "{'metadata':{'namespace':'web','name':'door'},'spec':{'address':'192.0.2.120','target':{'kind':'Pod','name':'b'}}}"));
        outside.ip("-6", "addr", "add", "2001:db8::1/64", "dev", "eth0", "nodad");
        for (String address : IPV6_HOSTS) {
            outside.ip("-6", "addr", "add", address + "/128", "dev", "lo");
        }
        try (FloatingControllers _ = new FloatingControllers(client, engine, UPLINK_OF_BOTH)) {
            await("a", outside, "2001:db8::c000:26e", 80);
            await("a", outside, "192.0.2.110", 80);
            assertThat(heard(a, FAR_IPV6, 80)).as("it may not begin").isEqualTo("nothing");

            await("b", outside, "2001:db8::c000:278", 8080);
            await("b", outside, "192.0.2.120", 8080);
            await("2001:db8:0:0:0:0:c000:278", b, FAR_IPV6, 80); // it is seen with it
            for (String address : IPV6_HOSTS) {
                if (!address.equals(FAR_IPV6)) {
                    assertThat(heard(b, address, 80)).as(address).isEqualTo("nothing");
                }
            }
            assertThat(heard(b, "2001:db8::1", 80)).as("the next hop").isEqualTo("nothing");
            await("b", a, b.ipv6(), 8080); // neighbours go on

            limit(client, acme, "2001:db8:f::/48");
            await("nothing", outside, "2001:db8::c000:26e", 80);
            await("nothing", outside, "192.0.2.110", 80); // no range of its family is allowed
            limit(client, acme, "2001:db8::1/128");
            await("a", outside, "2001:db8::c000:26e", 80);
            assertThat(heard(outside, "192.0.2.110", 80)).isEqualTo("nothing");

            client.delete(
                    BuiltinTypes.FLOATING_IPS,
                    new ObjectKey(acme, "web", "door"),
                    DeleteOptions.DEFAULT);
            await("nothing", outside, "2001:db8::c000:278", 8080);
        } finally {
            outside.ip("-6", "addr", "del", "2001:db8::1/64", "dev", "eth0");
            for (String address : IPV6_HOSTS) {
                outside.ip("-6", "addr", "del", address + "/128", "dev", "lo");
            }
        }
    }

    private static void slice(MemoryClient client, Tenant tenant, String family, String address) {
        client.create(
                BuiltinTypes.ENDPOINT_SLICES,
                tenant,
                json(
                        "{'metadata':{'namespace':'web','name':'shop-%s','labels':{'kubernetes.io/service-name':'shop'}},'addressType':'%s','ports':[{'name':'http','port':8080,'protocol':'TCP'}],'endpoints':[{'addresses':['%s'],'conditions':{'ready':true}}]}"
                                .formatted(family.toLowerCase(Locale.ROOT), family, address)));
    }

    private static void limit(MemoryClient client, Tenant tenant, String range) {
        ObjectNode shop =
                client.get(BuiltinTypes.SERVICES, new ObjectKey(tenant, "web", "shop")).deepCopy();
        shop.withObject("spec").putArray("loadBalancerSourceRanges").add(range);
        client.update(BuiltinTypes.SERVICES, tenant, shop);
    }

    @Test
    void withoutAnUplinkThereIsNoWayOut() {
        try (OvnEngine closed = new OvnEngine(daemons)) {
            assertThatThrownBy(() -> closed.outside().ensureGateway("acme", "192.0.2.100"))
                    .isInstanceOf(NetworkException.class)
                    .hasMessageContaining("--uplink");
        }
    }
}
