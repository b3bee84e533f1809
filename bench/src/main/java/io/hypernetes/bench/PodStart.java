package io.hypernetes.bench;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.ObjectList;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.Watch;
import io.hypernetes.api.client.WatchEvent;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.hypernetes.TenantSecurity;
import io.hypernetes.runtime.qemu.QemuConfig;
import io.hypernetes.runtime.qemu.QemuHypervisor;
import io.hypernetes.runtime.vm.Hypervisor;
import io.hypernetes.runtime.vm.VirtualMachine;
import io.hypernetes.runtime.vm.VmSpec;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * From the create of a pod to its phase Running as a watcher sees it, beside the bare restore of
 * the same template to the agent's first answer, in turn.
 */
final class PodStart {

    private static final Tenant TENANT = new Tenant("bench");
    private static final int MEMORY_MIB = 128;
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private final Client client;
    private final Path guest;
    private final Path data;

    PodStart(Client client, Path guest, Path data) {
        this.client = client;
        this.guest = guest;
        this.data = data;
    }

    void measure(int count, Report report) throws IOException, InterruptedException {
        createTenant();
        Path own = Files.createDirectories(data.resolve("bare"));
        Samples pods = new Samples();
        Samples bare = new Samples();
        Hypervisor hypervisor = QemuHypervisor.open(new QemuConfig(guest, own));
        try {
            hypervisor.prepare(MEMORY_MIB, 1);
            run("warm-up");
            for (int i = 0; i < count; i++) {
                bare.add(restore(hypervisor, "bare-" + i));
                pods.add(run("pod-" + i));
            }
        } finally {
            hypervisor.purge();
            hypervisor.close();
        }
        report.row("bare template restore to the agent's answer", bare.toString());
        report.row("pod create to Running", pods.toString());
        report.row(
                "pod start over bare restore",
                String.format(Locale.ROOT, "%.1fx", pods.median() / bare.median()));
    }

    private void createTenant() throws InterruptedException {
        ObjectNode tenant = JsonNodeFactory.instance.objectNode();
        tenant.put("apiVersion", "hypernetes.io/v1").put("kind", "Tenant");
        tenant.putObject("metadata").put("name", TENANT.name());
        tenant.putObject("spec").putObject("network").put("cidr", "10.0.0.0/24");
        // The image is there: that nothing is pulled again is what is measured.
        TenantSecurity.OPEN.fillIn(tenant);
        client.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, tenant);
        ObjectKey network = new ObjectKey(TENANT, "", "default");
        while (client.find(BuiltinTypes.NETWORKS, network)
                .filter(tree -> tree.path("status").path("phase").asString("").equals("Active"))
                .isEmpty()) {
            Thread.sleep(50);
        }
    }

    private static long restore(Hypervisor hypervisor, String id) {
        long start = System.nanoTime();
        VirtualMachine machine =
                hypervisor.create(new VmSpec(id, MEMORY_MIB, 1, List.of(), List.of()));
        long took = System.nanoTime() - start;
        machine.kill();
        hypervisor.destroy(id);
        return took;
    }

    private long run(String name) throws InterruptedException {
        ObjectNode pod = JsonNodeFactory.instance.objectNode();
        pod.put("apiVersion", "v1").put("kind", "Pod");
        pod.putObject("metadata").put("namespace", "default").put("name", name);
        pod.putObject("spec")
                .put("terminationGracePeriodSeconds", 0)
                .putArray("containers")
                .addObject()
                .put("name", "main")
                .put("image", "hypernetes/hello")
                .put("imagePullPolicy", "IfNotPresent");
        Selection selection = Selection.of(TENANT, "default");
        ObjectList before = client.list(BuiltinTypes.PODS, selection);
        long took;
        try (Watch watch = client.watch(BuiltinTypes.PODS, selection, before.resourceVersion())) {
            long start = System.nanoTime();
            client.create(BuiltinTypes.PODS, TENANT, pod);
            awaitRunning(watch, name);
            took = System.nanoTime() - start;
            client.delete(
                    BuiltinTypes.PODS,
                    new ObjectKey(TENANT, "default", name),
                    DeleteOptions.DEFAULT);
            awaitGone(name);
        }
        return took;
    }

    private static void awaitRunning(Watch watch, String name) throws InterruptedException {
        while (true) {
            Optional<WatchEvent> event = watch.next(LONGEST);
            ObjectNode pod =
                    event.orElseThrow(
                                    () -> new IllegalStateException(name + " does not get to run"))
                            .object()
                            .object();
            if (Metadata.name(pod).equals(name)
                    && pod.path("status").path("phase").asString("").equals("Running")) {
                return;
            }
        }
    }

    private void awaitGone(String name) throws InterruptedException {
        while (client.find(BuiltinTypes.PODS, new ObjectKey(TENANT, "default", name)).isPresent()) {
            Thread.sleep(20);
        }
    }
}
