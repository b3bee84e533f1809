package io.hypernetes.bench.network;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.bench.Report;
import io.hypernetes.bench.Samples;
import io.hypernetes.bench.Scratch;
import io.hypernetes.bench.workload.Plane;
import io.hypernetes.network.NetworkEngine;
import io.hypernetes.network.NetworkId;
import io.hypernetes.network.NetworkSpec;
import io.hypernetes.network.Port;
import io.hypernetes.network.PortId;
import io.hypernetes.network.ovn.Datapath;
import io.hypernetes.network.ovn.OvnDaemons;
import io.hypernetes.network.ovn.OvnEngine;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * {@code ./hypernetes bench network}: from the write of an object to its effect in packets, names,
 * and the throughput between two pods beside that between two hosts on a plain bridge of the same
 * Open vSwitch, in turn.
 */
public final class NetworkBench {

    private static final int FLIPS = 100;
    private static final int OTHER_SERVICES = 200;
    private static final int POLICIES = 20;
    private static final int QUESTIONS = 10_000;
    private static final int ROUNDS = 3;
    private static final int SECONDS = 4;
    private static final int WEB = 8080;
    private static final int ECHO = 7777;
    private static final int PATIENCE_MILLIS = 20;
    private static final String BRIDGE = "br-plain";

    private final Client client;
    private final Tenant tenant;
    private final NetworkId network;
    private final OvnDaemons daemons;
    private final NetworkEngine engine;
    private final Report report;

    /** Of the network, once a pod is on it. */
    private String nameServer = "";

    private NetworkBench(
            Client client, Tenant tenant, OvnDaemons daemons, NetworkEngine engine, Report report) {
        this.client = client;
        this.tenant = tenant;
        this.network = new NetworkId(tenant.name(), "default");
        this.daemons = daemons;
        this.engine = engine;
        this.report = report;
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("hypernetes.home", "."));
        Report report = new Report(System.out);
        OvnDaemons daemons =
                new OvnDaemons(
                        Scratch.folder(home, "bench-network").resolve("ovn"), Datapath.best());
        Scratch.closing(daemons::purge); // they have left us
        try (Plane plane = Plane.open()) {
            daemons.start();
            try (Controllers controllers =
                    new Controllers(plane.client(), new OvnEngine(daemons))) {
                NetworkBench bench =
                        new NetworkBench(
                                plane.client(),
                                plane.tenants(1).getFirst(),
                                daemons,
                                controllers.engine(),
                                report);
                bench.run();
            }
        }
        report.row("load of the machine", Files.readString(Path.of("/proc/loadavg")).strip());
        report.print();
    }

    private void run() throws IOException, InterruptedException {
        engine.ensureNetwork(new NetworkSpec(network, "10.0.0.0/24", "10.0.0.1"));
        Place a = pod("a");
        Place b = pod("b");
        Place visitor = pod("visitor");
        a.serve(WEB, "a");
        b.serve(WEB, "b");
        a.echo(ECHO);
        String address = service("shop", a.address());
        await(visitor, address, "a");
        flips("endpoint of a Service changed, to the new one's first answer", visitor, a, b);
        for (int i = 0; i < OTHER_SERVICES; i++) {
            service("other-" + i, a.address());
        }
        flips("the same among " + OTHER_SERVICES + " services", visitor, a, b);
        policies(visitor, a);
        names(visitor);
        throughput(visitor, a);
    }

    /** A pod's object, with a host in the place of its machine. */
    private Place pod(String name) throws IOException {
        ObjectNode pod = Plane.object(BuiltinTypes.PODS, name);
        pod.withObject("metadata").putObject("labels").put("app", name);
        pod.putObject("spec").putArray("containers").addObject().put("name", "m").put("image", "i");
        ObjectNode made = client.create(BuiltinTypes.PODS, tenant, pod).deepCopy();
        Port port = engine.attach(network, new PortId(tenant.name(), Metadata.uid(made)));
        engine.awaitReady(port);
        ObjectNode status = made.putObject("status").put("phase", "Running");
        status.put("podIP", port.address())
                .putArray("podIPs")
                .addObject()
                .put("ip", port.address());
        client.updateStatus(BuiltinTypes.PODS, tenant, made);
        Place place = Place.ofPod(daemons, port);
        nameServer = port.nameServer();
        return place;
    }

    private String service(String name, String backend) {
        ObjectNode service = Plane.object(BuiltinTypes.SERVICES, name);
        ObjectNode port = service.putObject("spec").putArray("ports").addObject();
        port.put("name", "web").put("port", 80).put("targetPort", WEB);
        ObjectNode made = client.create(BuiltinTypes.SERVICES, tenant, service);
        client.create(BuiltinTypes.ENDPOINT_SLICES, tenant, slice(name, backend));
        return made.at("/spec/clusterIP").asString("");
    }

    private static ObjectNode slice(String name, String backend) {
        ObjectNode slice = Plane.object(BuiltinTypes.ENDPOINT_SLICES, name);
        slice.withObject("metadata").putObject("labels").put("kubernetes.io/service-name", name);
        slice.put("addressType", "IPv4");
        ObjectNode port = slice.putArray("ports").addObject();
        port.put("name", "web").put("port", WEB).put("protocol", "TCP");
        slice.putArray("endpoints").addObject().putArray("addresses").add(backend);
        return slice;
    }

    private static void await(Place client, String address, String word) {
        while (!client.ask(address, 80, PATIENCE_MILLIS).equals(word)) {
            Thread.onSpinWait();
        }
    }

    private void flips(String what, Place visitor, Place a, Place b) {
        ObjectKey key = new ObjectKey(tenant, "default", "shop");
        String address = client.get(BuiltinTypes.SERVICES, key).at("/spec/clusterIP").asString("");
        Samples samples = new Samples();
        for (int i = 0; i < FLIPS; i++) {
            Place next = i % 2 == 0 ? b : a;
            ObjectNode slice = client.get(BuiltinTypes.ENDPOINT_SLICES, key).deepCopy();
            slice.putArray("endpoints").addObject().putArray("addresses").add(next.address());
            long start = System.nanoTime();
            client.update(BuiltinTypes.ENDPOINT_SLICES, tenant, slice);
            await(visitor, address, i % 2 == 0 ? "b" : "a");
            samples.add(System.nanoTime() - start);
        }
        report.row(what, millis(samples, FLIPS));
    }

    private void policies(Place visitor, Place server) throws IOException, InterruptedException {
        ObjectKey key = new ObjectKey(tenant, "default", "guard");
        Samples closes = new Samples();
        Samples opens = new Samples();
        try (Heartbeat beat = new Heartbeat(visitor, server, ECHO)) {
            beat.awaitSound(System.nanoTime());
            for (int i = 0; i < POLICIES; i++) {
                ObjectNode policy = Plane.object(BuiltinTypes.NETWORK_POLICIES, "guard");
                ObjectNode spec = policy.putObject("spec");
                spec.putObject("podSelector").putObject("matchLabels").put("app", "a");
                spec.putArray("policyTypes").add("Ingress");
                long start = System.nanoTime();
                client.create(BuiltinTypes.NETWORK_POLICIES, tenant, policy);
                closes.add(Math.max(0, beat.awaitSilence() - start));
                start = System.nanoTime();
                client.delete(BuiltinTypes.NETWORK_POLICIES, key, DeleteOptions.NOW);
                opens.add(beat.awaitSound(start) - start);
            }
        }
        report.row(
                "NetworkPolicy created, to an open flow's last packet", millis(closes, POLICIES));
        report.row("NetworkPolicy deleted, to the flow's first packet", millis(opens, POLICIES));
    }

    private void names(Place visitor) throws IOException, InterruptedException {
        String name = "shop.default.svc.cluster.local";
        Names.ask(visitor, nameServer, name, QUESTIONS / 4); // warms up
        Samples samples = Names.ask(visitor, nameServer, name, QUESTIONS);
        report.row("name of a Service, asked one after the other", millis(samples, QUESTIONS));
    }

    private void throughput(Place from, Place to) throws IOException {
        Place.vsctl(daemons, "add-br", BRIDGE);
        Place.vsctl(daemons, "set", "Bridge", BRIDGE, "datapath_type=" + datapathType());
        Place left = Place.ofBridge(daemons, BRIDGE, 1, daemons.mtu());
        Place right = Place.ofBridge(daemons, BRIDGE, 2, daemons.mtu());
        List<Double> ours = new ArrayList<>();
        List<Double> plain = new ArrayList<>();
        for (int i = 0; i < ROUNDS; i++) {
            ours.add(Throughput.measure(from, to, SECONDS));
            plain.add(Throughput.measure(left, right, SECONDS));
        }
        report.row("TCP between two pods' ports", megabits(ours));
        report.row("the same hosts on a plain bridge", megabits(plain));
        report.row(
                "pods over plain, medians",
                String.format(Locale.ROOT, "%.2fx", median(ours) / median(plain)));
    }

    private static String datapathType() {
        return Datapath.best() == Datapath.KERNEL ? "system" : "netdev";
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }

    private static String megabits(List<Double> values) {
        return String.format(
                Locale.ROOT,
                "%.0f Mbit/s (%s)",
                median(values),
                String.join(
                        ", ",
                        values.stream()
                                .map(value -> String.format(Locale.ROOT, "%.0f", value))
                                .toList()));
    }

    private static String millis(Samples samples, int count) {
        return String.format(
                Locale.ROOT,
                "p50 %.2f ms, p99 %.2f ms (%d times)",
                samples.percentile(50),
                samples.percentile(99),
                count);
    }
}
