package io.hypernetes.cli;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.cli.ProcessMemory.Usage;
import io.hypernetes.cli.assembly.NetworkProcesses;
import io.hypernetes.httpclient.RemoteClient;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code hypernetes status}: what runs, where, and what it takes. Exit code 1 when it is down. */
@Command(
        name = "status",
        description = "Show what runs, where, its memory, versions, nodes, tenants and pods.",
        mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

    private static final Pattern VERSION = Pattern.compile("\\d+\\.\\d+(\\.\\d+)*");

    @Mixin private Installation installation = new Installation();

    @Override
    public Integer call() {
        String server = installation.operator().server();
        System.out.printf("%-10s %s, data in %s%n", "version", Version.TEXT, installation.data());
        System.out.printf(
                "%-10s Java %s, QEMU %s, Open vSwitch %s, OVN %s%n",
                "",
                Runtime.version().toString().replaceFirst("\\+.*", ""),
                version("qemu-system-x86_64"),
                version("ovs-vswitchd"),
                version("ovn-controller"));
        Optional<ProcessHandle> process = new ServerProcess(installation).running();
        processes(process, server);
        if (process.isEmpty()) {
            System.out.println("Start it with 'hypernetes up'.");
            return 1;
        }
        try (RemoteClient client = installation.client()) {
            nodes(client);
            tenants(client);
        } catch (ApiException e) {
            System.out.printf("%-10s %s%n", "API", e.getMessage());
            return 1;
        }
        return 0;
    }

    /** The first number that looks like one in what {@code --version} prints. */
    private static String version(String program) {
        String path = System.getenv("PATH") + ":/usr/sbin:/sbin";
        List<String> command = List.of("env", "PATH=" + path, program, "--version");
        Matcher number = VERSION.matcher(Shell.run(command, Map.of(), "").output());
        return number.find() ? number.group() : "not installed";
    }

    private void processes(Optional<ProcessHandle> process, String server) {
        String life =
                process.map(handle ->
                                "%s, pid %d, up %s, %s"
                                        .formatted(
                                                server,
                                                handle.pid(),
                                                age(handle),
                                                mebibytes(ProcessMemory.of(handle.pid()).pss())))
                        .orElse("not running");
        System.out.printf("%-10s %s%n", "server", life);
        Map<String, Long> daemons = NetworkProcesses.pids(installation.data());
        long total = daemons.values().stream().mapToLong(pid -> ProcessMemory.of(pid).pss()).sum();
        System.out.printf(
                "%-10s OVN, %d daemons, %s: %s%n",
                "networks", daemons.size(), mebibytes(total), String.join(", ", daemons.keySet()));
        List<Usage> machines = ProcessMemory.of("qemu-system", installation.data());
        System.out.printf(
                "%-10s %d virtual machines (with those that stand by), %s%n",
                "machines",
                machines.size(),
                mebibytes(machines.stream().mapToLong(Usage::pss).sum()));
    }

    private static void nodes(Client client) {
        for (TenantObject item :
                client.list(BuiltinTypes.NODES, Selection.of(Tenant.SYSTEM)).items()) {
            ObjectNode node = item.object();
            String ready = "NotReady";
            for (JsonNode condition : node.path("status").path("conditions")) {
                if (condition.path("type").asString("").equals("Ready")
                        && condition.path("status").asString("").equals("True")) {
                    ready = "Ready";
                }
            }
            JsonNode allocatable = node.path("status").path("allocatable");
            System.out.printf(
                    "%-10s %s: %s, %s processors, memory %s, %s%n",
                    "nodes",
                    Metadata.name(node),
                    ready,
                    allocatable.path("cpu").asString("?"),
                    allocatable.path("memory").asString("?"),
                    node.path("status")
                            .path("nodeInfo")
                            .path("containerRuntimeVersion")
                            .asString(""));
        }
    }

    private static void tenants(Client client) {
        Map<String, int[]> pods = new TreeMap<>();
        for (TenantObject pod : client.list(BuiltinTypes.PODS, Selection.EVERYTHING).items()) {
            int[] counts = pods.computeIfAbsent(pod.tenant().name(), _ -> new int[2]);
            counts[0]++;
            if (pod.object().path("status").path("phase").asString("").equals("Running")) {
                counts[1]++;
            }
        }
        List<TenantObject> tenants =
                client.list(BuiltinTypes.TENANTS, Selection.of(Tenant.SYSTEM)).items();
        if (tenants.isEmpty()) {
            System.out.printf("%-10s none yet: 'hypernetes tenant create NAME'%n", "tenants");
        }
        for (TenantObject item : tenants) {
            ObjectNode tenant = item.object();
            int[] counts = pods.getOrDefault(Metadata.name(tenant), new int[2]);
            System.out.printf(
                    "%-10s %s: %s, network %s, %d pods, %d running%n",
                    "tenants",
                    Metadata.name(tenant),
                    tenant.path("status").path("phase").asString("Pending"),
                    tenant.path("spec").path("network").path("cidr").asString("<none>"),
                    counts[0],
                    counts[1]);
        }
    }

    private static String age(ProcessHandle process) {
        Duration age =
                Duration.between(
                        process.info().startInstant().orElse(Instant.now()), Instant.now());
        return "%dh%02dm%02ds".formatted(age.toHours(), age.toMinutesPart(), age.toSecondsPart());
    }

    private static String mebibytes(long bytes) {
        return String.format(Locale.ROOT, "%.0f MiB", bytes / 1048576.0);
    }
}
