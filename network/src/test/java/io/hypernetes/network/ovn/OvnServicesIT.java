package io.hypernetes.network.ovn;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.PolicyEngine.Direction;
import io.hypernetes.network.PolicyEngine.Policy;
import io.hypernetes.network.PolicyId;
import io.hypernetes.network.PortId;
import io.hypernetes.network.ServiceEngine.Affinity;
import io.hypernetes.network.ServiceEngineConformance;
import io.hypernetes.network.ServiceId;
import io.hypernetes.network.VirtualServer;
import io.hypernetes.network.VirtualServer.Backend;
import io.hypernetes.network.VirtualServer.Protocol;
import io.hypernetes.network.ovsdb.OvsdbClient;
import io.hypernetes.network.ovsdb.Row;
import io.hypernetes.network.ovsdb.Transaction;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Services over a real OVN. */
class OvnServicesIT extends ServiceEngineConformance {

    @TempDir static Path directory;

    private static OvnDaemons daemons;

    @BeforeAll
    static void startOvn() {
        daemons = new OvnDaemons(directory.resolve("ovn"), Datapath.best());
        daemons.start();
    }

    @AfterAll
    static void stopOvn() {
        daemons.purge();
        assertThat(daemons.pids().values()).containsOnly(-1L);
    }

    @Override
    protected NetworkEngine open() {
        return new OvnEngine(daemons);
    }

    /** The version of every row of the northbound database but the global one, by its uuid. */
    private static Map<String, String> rows(OvsdbClient northbound) {
        Map<String, String> rows = new TreeMap<>();
        for (String table :
                List.of(
                        "Logical_Switch",
                        "Logical_Switch_Port",
                        "Logical_Router",
                        "Logical_Router_Port",
                        "Load_Balancer",
                        "Load_Balancer_Group",
                        "Port_Group",
                        "Address_Set",
                        "ACL",
                        "NAT")) {
            Transaction look = new Transaction();
            int found = look.select(table, List.of());
            for (Row row : northbound.transact(look).rows(found)) {
                rows.put(table + " " + row.uuid(), row.columns().path("_version").toString());
            }
        }
        return rows;
    }

    @Test
    void anEndpointIsOneRowAndWhatIsDeletedLeavesNothing() {
        NetworkId network = new NetworkId("acme", "default");
        try (OvnEngine engine = new OvnEngine(daemons);
                OvsdbClient northbound =
                        new OvsdbClient(
                                daemons.northbound(), "OVN_Northbound", Duration.ofSeconds(30))) {
            PortId pod = engine.attach(network, new PortId("acme", "a")).id();
            for (int i = 0; i < 50; i++) {
                service(engine, "s" + i, "10.0.0.3");
            }
            Map<String, String> before = rows(northbound);
            service(engine, "s7", "10.0.0.3", "10.0.0.4");
            Map<String, String> after = rows(northbound);
            assertThat(after.keySet()).isEqualTo(before.keySet());
            after.entrySet().removeAll(before.entrySet());
            assertThat(after.keySet()).singleElement().asString().startsWith("Load_Balancer ");

            PolicyId policy = new PolicyId("acme", "web", "guard");
            engine.policies()
                    .ensurePolicy(
                            policy,
                            1,
                            new Policy(
                                    Set.of(pod),
                                    Set.of(Direction.INGRESS, Direction.EGRESS),
                                    List.of()));
            engine.ensureLocalPort(network, List.of());
            engine.policies().deletePolicy(policy);
            engine.services().services().forEach(engine.services()::deleteService);
            engine.deleteNetwork(network);
            assertThat(rows(northbound)).isEmpty();
        }
    }

    private static void service(OvnEngine engine, String name, String... backends) {
        engine.services()
                .ensureService(
                        new ServiceId("acme", "web", name),
                        List.of(
                                new VirtualServer(
                                        Protocol.TCP,
                                        "10.96.1." + name.substring(1),
                                        80,
                                        Stream.of(backends)
                                                .map(address -> new Backend(address, 8080))
                                                .toList())),
                        Affinity.NONE);
    }
}
