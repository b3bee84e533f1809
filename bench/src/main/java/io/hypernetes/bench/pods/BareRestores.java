package io.hypernetes.bench.pods;

import io.hypernetes.bench.Samples;
import io.hypernetes.runtime.qemu.QemuConfig;
import io.hypernetes.runtime.qemu.QemuHypervisor;
import io.hypernetes.runtime.vm.Hypervisor;
import io.hypernetes.runtime.vm.VirtualMachine;
import io.hypernetes.runtime.vm.VmSpec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Clones of the template of a pod that asks for nothing, without network and disks: from the start
 * of QEMU to the first answer of the guest's agent.
 */
public final class BareRestores implements AutoCloseable {

    private static final int MEMORY_MIB = 128;

    private final Hypervisor hypervisor;
    private int made;

    public BareRestores(Path guest, Path data) throws IOException {
        this.hypervisor =
                QemuHypervisor.open(
                        new QemuConfig(guest, Files.createDirectories(data.resolve("bare"))));
        hypervisor.prepare(MEMORY_MIB, 1);
    }

    /** Makes so many at the same time, and ends them all. */
    public void measure(int count, Samples samples) throws InterruptedException {
        long start = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String id = "bare-" + made++;
            threads.add(Thread.ofVirtual().start(() -> restore(id, start, samples)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        for (String id : hypervisor.ids()) {
            hypervisor.destroy(id);
        }
    }

    private void restore(String id, long start, Samples samples) {
        VirtualMachine machine =
                hypervisor.create(new VmSpec(id, MEMORY_MIB, 1, List.of(), List.of()));
        if (machine.alive()) {
            samples.add(System.nanoTime() - start);
        }
    }

    @Override
    public void close() {
        hypervisor.purge();
        hypervisor.close();
    }
}
