package io.hypernetes.network.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.memoryclient.MemoryClient;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.ovn.Datapath;
import io.hypernetes.network.ovn.OvnDaemons;
import io.hypernetes.network.ovn.OvnEngine;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Network objects over a real OVN. */
class NetworkControllerIT {

    private static final Tenant ACME = new Tenant("acme");
    private static final NetworkId SECOND = new NetworkId("acme", "second");

    @TempDir Path directory;

    private final MemoryClient client = new MemoryClient();
    private final List<Informer> informers =
            List.of(
                    new Informer(client, BuiltinTypes.NETWORKS),
                    new Informer(client, BuiltinTypes.NAMESPACES),
                    new Informer(client, BuiltinTypes.PODS));
    private OvnDaemons daemons;
    private OvnEngine engine;
    private NetworkController controller;

    @BeforeEach
    void start() {
        daemons = new OvnDaemons(directory.resolve("ovn"), Datapath.best());
        daemons.start();
        engine = new OvnEngine(daemons);
        controller =
                new NetworkController(
                        client, engine, informers.get(0), informers.get(1), informers.get(2));
        controller.start();
        network("default", "10.0.0.0/24");
        await(() -> phase("default").equals("Active"));
    }

    @AfterEach
    void stop() {
        controller.close();
        informers.forEach(Informer::close);
        engine.close();
        daemons.purge();
    }

    private void make(ResourceType type, String json) {
        client.create(
                type,
                ACME,
                Json.parseObject(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    private void network(String name, String cidr) {
        make(
                BuiltinTypes.NETWORKS,
                "{'metadata':{'name':'%s'},'spec':{'cidr':'%s'}}".formatted(name, cidr));
    }

    private String status(String name, String field) {
        return client.find(BuiltinTypes.NETWORKS, new ObjectKey(ACME, "", name))
                .map(network -> network.path("status").path(field).asString(""))
                .orElse("gone");
    }

    private String phase(String name) {
        return status(name, "phase");
    }

    private static void await(BooleanSupplier condition) {
        for (int i = 0; i < 3_000 && !condition.getAsBoolean(); i++) {
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        assertThat(condition.getAsBoolean()).isTrue();
    }

    @Test
    void aNetworkInUseStaysUntilItsPodsAreGone() {
        network("second", "10.1.0.0/24");
        make(BuiltinTypes.NAMESPACES, "{'metadata':{'name':'web'},'spec':{'network':'second'}}");
        make(
                BuiltinTypes.PODS,
                "{'metadata':{'namespace':'web','name':'p'},'spec':{'nodeName':'vm'}}");
        await(() -> phase("second").equals("Active"));

        client.delete(
                BuiltinTypes.NETWORKS, new ObjectKey(ACME, "", "second"), DeleteOptions.DEFAULT);
        await(() -> phase("second").equals("Terminating"));
        assertThat(status("second", "message")).isEqualTo("1 pods are still on this network");
        assertThat(engine.networks()).contains(SECOND);

        client.delete(BuiltinTypes.PODS, new ObjectKey(ACME, "web", "p"), DeleteOptions.NOW);
        await(() -> phase("second").equals("gone"));
        assertThat(engine.networks()).doesNotContain(SECOND);
    }

    @Test
    void aNetworkThatOverlapsAnotherOrTheServicesSaysSo() {
        network("second", "10.0.0.128/25");
        await(() -> phase("second").equals("Failed"));
        assertThat(status("second", "message")).contains("overlaps 10.0.0.0/24");
        network("third", "10.96.7.0/24");
        await(() -> phase("third").equals("Failed"));
        await(() -> told("second", "Failed") && told("third", "Failed"));
        await(() -> told("default", "NetworkReady"));
        assertThat(status("third", "message")).contains("overlaps the addresses of services");
    }

    private boolean told(String network, String reason) {
        return client.list(BuiltinTypes.EVENTS, Selection.of(ACME)).items().stream()
                .map(event -> event.object())
                .filter(event -> event.path("reason").asString("").equals(reason))
                .anyMatch(event -> event.at("/involvedObject/name").asString("").equals(network));
    }

    @Test
    void subnetsAreAddedAndRemovedAndMayBeAllThereIs() {
        make(
                BuiltinTypes.NETWORKS,
                "{'metadata':{'name':'second'},'spec':{'subnets':"
                        + "{'b':{'cidr':'10.2.0.0/24'},'a':{'cidr':'10.1.0.0/24'}}}}");
        await(() -> phase("second").equals("Active"));
        ObjectNode network =
                client.get(BuiltinTypes.NETWORKS, new ObjectKey(ACME, "", "second")).deepCopy();
        network.withObject("spec").withObject("subnets").putObject("c").put("cidr", "10.0.0.0/25");
        client.update(BuiltinTypes.NETWORKS, ACME, network);
        await(() -> phase("second").equals("Failed"));
        assertThat(status("second", "message"))
                .contains("10.0.0.0/25")
                .contains("overlaps 10.0.0.0/24");
        network = client.get(BuiltinTypes.NETWORKS, new ObjectKey(ACME, "", "second")).deepCopy();
        network.withObject("spec").withObject("subnets").remove("c");
        client.update(BuiltinTypes.NETWORKS, ACME, network);
        await(() -> phase("second").equals("Active"));
    }
}
