package io.hypernetes.bench.api;

import io.hypernetes.bench.Scratch;
import io.hypernetes.bench.StoreBench;
import io.hypernetes.bench.api.ApiReport.Published;
import io.hypernetes.httpclient.Kubeconfig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code ./hypernetes bench api}: starts an API server of its own, or takes the one that is named,
 * and prints a table of its operations beside a real etcd and a static file of nginx.
 */
public final class ApiBench {

    private static final int OBJECTS = 2_000;
    private static final int MANY = 32;

    /** One turn of a phase is half a second: that it meets a collection, or does not, is chance. */
    private static final int TURNS = 6;

    private static final int WATCHERS = 200;
    private static final int EVENTS = 1_000;
    private static final int LISTS = 400;
    private static final int ETCD_SECONDS = 10;

    private final Endpoint endpoint;
    private final ServerUsage server;
    private final ClosedLoop load;
    private final ApiReport report = new ApiReport();

    private ApiBench(Endpoint endpoint, ServerUsage server) {
        this.endpoint = endpoint;
        this.server = server;
        this.load = new ClosedLoop(endpoint, server);
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("hypernetes.home", "."));
        List<String> options = List.of(arguments);
        if (options.isEmpty()) {
            Path scratch = Scratch.folder(home, "bench-api");
            ownServer(home, scratch).report.print(System.out);
        } else if (options.contains("--beside")) {
            Path upstream = Path.of(option(arguments, "--beside")).toAbsolutePath();
            if (!Files.isExecutable(upstream)) {
                System.err.println("no program at " + upstream + ": name a kube-apiserver");
                System.exit(2);
            }
            beside(home, Scratch.folder(home, "bench-api"), upstream);
        } else {
            elsewhere(arguments);
        }
    }

    /** One after the other, the same load, the same machine. */
    private static void beside(Path home, Path scratch, Path program)
            throws IOException, InterruptedException {
        ApiBench ours = ownServer(home, scratch);
        Path data = scratch.resolve("data");
        try (UpstreamServer upstream =
                new UpstreamServer(
                        program,
                        scratch.resolve("upstream"),
                        data.resolve("pki"),
                        Kubeconfig.read(data.resolve("operator.kubeconfig")))) {
            ApiBench theirs = new ApiBench(upstream.endpoint(), upstream.usage());
            Thread.sleep(5_000);
            theirs.report.note(
                    "ready %.2f s after its start, its etcd ran before; idle %.0f MiB PSS, %.0f MiB"
                            + " RSS",
                    upstream.readySeconds(),
                    upstream.usage().proportionalMebibytes(),
                    upstream.usage().residentMebibytes());
            theirs.measure();
            theirs.report.note(
                    "its etcd took %.0f s of processor beside its own %.0f s, and has %.0f MiB RSS",
                    upstream.etcdUsage().cpuSeconds(),
                    upstream.usage().cpuSeconds(),
                    upstream.etcdUsage().residentMebibytes());
            ours.report.print(System.out, theirs.report);
        }
    }

    private static void elsewhere(String[] arguments) throws IOException, InterruptedException {
        Kubeconfig config =
                new Kubeconfig(
                        option(arguments, "--url"),
                        Files.readString(Path.of(option(arguments, "--ca"))),
                        "bench",
                        new Kubeconfig.Proof.Token(
                                Files.readString(Path.of(option(arguments, "--token-file")))
                                        .strip()));
        boolean local = Arrays.asList(arguments).contains("--pid");
        ServerUsage usage =
                local
                        ? new ServerUsage(Long.parseLong(option(arguments, "--pid")))
                        : ServerUsage.ELSEWHERE;
        ApiBench bench = new ApiBench(Endpoint.of(config), usage);
        bench.measure();
        bench.report.print(System.out);
    }

    private static String option(String[] arguments, String name) {
        int at = Arrays.asList(arguments).indexOf(name);
        if (at < 0 || at + 1 == arguments.length) {
            System.err.println(
                    "usage: hypernetes bench api [--beside KUBE_APISERVER]\n"
                            + "       hypernetes bench api --url URL --token-file FILE --ca FILE"
                            + " [--pid PID]");
            System.exit(2);
        }
        return arguments[at + 1];
    }

    private static ApiBench ownServer(Path home, Path scratch)
            throws IOException, InterruptedException {
        try (StartedServer server = new StartedServer(home, scratch)) {
            Kubeconfig administrator = server.administrator();
            ApiBench bench = new ApiBench(Endpoint.of(administrator), server.usage());
            Thread.sleep(5_000);
            bench.report.note(
                    "ready %.2f s after the launcher's start; idle %.0f MiB PSS, %.0f MiB RSS"
                            + " (kube-apiserver, elsewhere: 2.3-2.7 s, 266-291 MB)",
                    server.readySeconds(),
                    server.usage().proportionalMebibytes(),
                    server.usage().residentMebibytes());
            byte[] list = bench.measure();
            bench.besideNginx(scratch.resolve("nginx"), server.pki(), administrator, list);
            double puts = StoreBench.rawPuts(scratch.resolve("etcd"), MANY, ETCD_SECONDS);
            bench.report.note(
                    "raw durable puts of 2.6 kB of an etcd beside it, %d clients: %,.0f/s",
                    MANY, puts);
            return bench;
        }
    }

    /** Runs all phases; returns the bytes of a LIST of all pods. */
    private byte[] measure() throws IOException, InterruptedException {
        prepare();
        report.note("%s", new WarmUp(endpoint, server).run(MANY, WATCHERS));
        clear();
        pods(1, OBJECTS, 1);
        byte[] list = pods(MANY, 2 * OBJECTS, TURNS);
        configMaps(2 * TURNS);
        double before = server.residentMebibytes();
        report.row(
                "watch, events to " + WATCHERS + " watchers",
                WATCHERS,
                new FanOut(endpoint, server).run(WATCHERS, EVENTS),
                Published.FAN_OUT);
        clear();
        report.note(
                "after all lists the server has %.0f MiB RSS (kube-apiserver, elsewhere: 880-1,000"
                        + " MB)",
                before);
        return list;
    }

    private void prepare() throws IOException {
        try (Connection connection = new Connection(endpoint)) {
            for (String namespace : List.of(Manifests.NAMESPACE, Manifests.OTHER)) {
                // Left over by another run, they may be there.
                connection.post("/api/v1/namespaces", Manifests.namespace(namespace));
                connection.post(
                        "/api/v1/namespaces/" + namespace + "/serviceaccounts",
                        Manifests.serviceAccount());
            }
        }
        clear();
    }

    private void clear() throws IOException {
        try (Connection connection = new Connection(endpoint)) {
            for (String pods : List.of(Manifests.PODS, Manifests.OTHER_PODS)) {
                connection.call("DELETE", pods + "?gracePeriodSeconds=0", new byte[0], "");
            }
            connection.call("DELETE", Manifests.CONFIG_MAPS, new byte[0], "");
        }
    }

    /** All phases of pods, so often as there are {@code turns}; the bytes of a list of them. */
    private byte[] pods(int clients, int objects, int turns)
            throws IOException, InterruptedException {
        boolean many = clients == MANY;
        Phases phases = new Phases();
        byte[] list = {};
        for (int turn = 0; turn < turns; turn++) {
            String stem = clients + "-" + turn + "-";
            phases.add(
                    "create",
                    load.run(
                            clients,
                            objects,
                            201,
                            (c, i) -> c.post(podsOf(i), Manifests.pod(stem + i))));
            phases.add(
                    "get",
                    load.run(clients, objects * 5, 200, (c, i) -> c.get(pod(stem, i % objects))));
            if (many) {
                list = whole(Manifests.PODS);
                phases.add(
                        "list of " + OBJECTS,
                        load.run(clients, LISTS, 200, (c, _) -> c.get(Manifests.PODS)));
            }
            phases.add("merge-patch", load.run(clients, objects, 200, (c, i) -> patch(c, stem, i)));
            phases.add("delete", load.run(clients, objects, 200, (c, i) -> delete(c, stem, i)));
        }
        phases.report(
                "pods: ",
                clients,
                Map.of(
                        "create",
                        many ? Published.CREATE_32 : Published.CREATE_1,
                        "get",
                        many ? Published.GET_32 : Published.GET_1,
                        "list of " + OBJECTS,
                        Published.LIST_32,
                        "merge-patch",
                        many ? Published.PATCH_32 : Published.NONE,
                        "delete",
                        many ? Published.DELETE_32 : Published.NONE));
        return list;
    }

    private void configMaps(int turns) throws IOException, InterruptedException {
        Phases phases = new Phases();
        for (int turn = 0; turn < turns; turn++) {
            String stem = "c-" + turn + "-";
            phases.add(
                    "create",
                    load.run(
                            MANY,
                            OBJECTS,
                            201,
                            (c, i) ->
                                    c.post(Manifests.CONFIG_MAPS, Manifests.configMap(stem + i))));
            phases.add(
                    "list of " + OBJECTS,
                    load.run(MANY, LISTS, 200, (c, _) -> c.get(Manifests.CONFIG_MAPS)));
            phases.add(
                    "delete",
                    load.run(
                            MANY,
                            OBJECTS,
                            200,
                            (c, i) ->
                                    c.call(
                                            "DELETE",
                                            Manifests.CONFIG_MAPS + "/" + stem + i,
                                            new byte[0],
                                            "")));
        }
        phases.report(
                "config maps: ",
                MANY,
                Map.of(
                        "create",
                        Published.CONFIG_CREATE_32,
                        "list of " + OBJECTS,
                        Published.CONFIG_LIST_32));
    }

    /** Several turns of the same phases, by name. */
    private final class Phases {
        private final Map<String, List<Figures>> all = new LinkedHashMap<>();

        void add(String name, Figures figures) {
            all.computeIfAbsent(name, _ -> new ArrayList<>()).add(figures);
        }

        void report(String kind, int clients, Map<String, Published> elsewhere) {
            all.forEach((name, figures) ->
                    report.row(
                            kind + name,
                            clients,
                            Figures.together(figures),
                            elsewhere.getOrDefault(name, Published.NONE)));
        }
    }

    private void besideNginx(Path folder, Path pki, Kubeconfig trust, byte[] list)
            throws IOException, InterruptedException {
        if (!StaticFile.isInstalled()) {
            report.note("no nginx here to compare the lists with: install nginx-light");
            return;
        }
        try (StaticFile file = new StaticFile(folder, pki, trust, list)) {
            ClosedLoop requests = new ClosedLoop(file.endpoint(), file.usage());
            requests.run(MANY, LISTS, 200, (c, _) -> c.get("/list.json"));
            report.row(
                    "nginx: a file of the pods' list",
                    MANY,
                    requests.run(MANY, LISTS, 200, (c, _) -> c.get("/list.json")),
                    Published.NONE);
        }
    }

    private byte[] whole(String path) throws IOException {
        try (Connection connection = new Connection(endpoint).keepingAll()) {
            connection.get(path);
            return Arrays.copyOf(connection.body(), connection.length());
        }
    }

    /** Every other pod is in the second namespace. */
    private static String podsOf(int number) {
        return number % 2 == 0 ? Manifests.PODS : Manifests.OTHER_PODS;
    }

    private static String pod(String stem, int number) {
        return podsOf(number) + "/" + stem + number;
    }

    private static int patch(Connection connection, String stem, int number) throws IOException {
        return connection.call(
                "PATCH", pod(stem, number), Manifests.note(number), Connection.MERGE_PATCH);
    }

    private static int delete(Connection connection, String stem, int number) throws IOException {
        return connection.call(
                "DELETE", pod(stem, number) + "?gracePeriodSeconds=0", new byte[0], "");
    }
}
