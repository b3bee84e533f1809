package io.hypernetes.runtime.qemu;

import io.hypernetes.runtime.vm.Accelerator;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Command lines. A clone's machine must be exactly its template's, or the restored state does not
 * fit; so both are made here and differ only in what does not belong to the machine.
 *
 * @param directory holds the sockets and the pid file
 */
record QemuCommand(Accelerator accelerator, int memoryMiB, int cpus, Path directory) {

    /** Each hot-plugged device takes a root port, which must be there when the guest boots. */
    static final int SLOTS = 16;

    /** How often memory can be plugged, and up to how many processors ({@link Growth}). */
    static final int MEMORY_SLOTS = 16;

    static final int PROCESSORS = 8;
    private static final int MORE_MEMORY_MIB = 64 << 10;

    /**
     * The NIC that every guest has found when it is cloned, so that it has not to look for one; it
     * is connected by a hub, because the other end of a device cannot be exchanged. (The quicker
     * firmware, qboot, stops at a machine with a NIC; templates alone run a firmware.)
     */
    static final String FIRST_NIC = "eth0";

    /** The agent gives it the address of the pod's port. */
    private static final String NOBODYS_MAC = "02:00:00:00:00:00";

    /**
     * Checksum offload must be off: frames leave the TAP for a switch that does not read the vnet
     * header, so a checksum left to the device is never made and TCP and UDP die.
     */
    static final List<String> OFFLOADS =
            List.of(
                    "csum",
                    "gso",
                    "host_tso4",
                    "host_tso6",
                    "host_ecn",
                    "host_ufo",
                    "guest_csum",
                    "guest_tso4",
                    "guest_tso6",
                    "guest_ecn",
                    "guest_ufo");

    static final String BINARY = "qemu-system-x86_64";

    /**
     * {@code no_timer_check} and {@code lpj}: a starved guest under TCG fails its timer checks.
     * {@code swiotlb=noforce}: memory above 4 GiB may come, but no device that cannot reach it.
     * {@code reboot=t}: with -no-reboot the process ends. The others shorten the boot.
     */
    static final String KERNEL_COMMAND_LINE =
            "panic=-1 reboot=t quiet no_timer_check lpj=4000000 audit=0 selinux=0 apparmor=0"
                    + " cryptomgr.notests noreplace-smp rcupdate.rcu_expedited=1 tsc=unstable"
                    + " 8250.nr_uarts=1 random.trust_cpu=on raid=noautodetect nokaslr"
                    + " mitigations=off init_on_alloc=0 swiotlb=noforce";

    static Path agentSocket(Path directory) {
        return directory.resolve("agent");
    }

    static Path qmpSocket(Path directory) {
        return directory.resolve("qmp");
    }

    static Path pidFile(Path directory) {
        return directory.resolve("pid");
    }

    /** Boots the kernel with memory that can become a template's. */
    List<String> boot(Path kernel, Path initrd, Path memory) {
        List<String> line = machine(memory, true);
        line.addAll(
                List.of(
                        "-kernel",
                        kernel.toString(),
                        "-initrd",
                        initrd.toString(),
                        "-append",
                        KERNEL_COMMAND_LINE));
        return line;
    }

    /**
     * Restores a template, whose device state comes by standard input, and stays stopped. The
     * memory is mapped privately: clones share what none of them has written.
     */
    List<String> clone(Path kernel, Path initrd, Path memory) {
        List<String> line = machine(memory, false);
        line.addAll(
                List.of(
                        "-kernel",
                        kernel.toString(),
                        "-initrd",
                        initrd.toString(),
                        "-append",
                        KERNEL_COMMAND_LINE,
                        "-incoming",
                        "defer",
                        "-S",
                        "-sandbox",
                        "on,obsolete=deny,elevateprivileges=deny,spawn=deny,resourcecontrol=deny"));
        return line;
    }

    private List<String> machine(Path memory, boolean shared) {
        List<String> line = new ArrayList<>();
        // A session of its own: signals to our terminal or process group are not for machines.
        line.addAll(List.of("setsid", BINARY, "-nodefaults", "-no-user-config", "-no-reboot"));
        line.addAll(List.of("-display", "none"));
        line.addAll(List.of("-pidfile", pidFile(directory).toString()));
        line.addAll(List.of("-M", "q35,memory-backend=mem"));
        String memorySize = "%dM,slots=%d,maxmem=%dM";
        line.addAll(
                List.of(
                        "-m",
                        memorySize.formatted(memoryMiB, MEMORY_SLOTS, memoryMiB + MORE_MEMORY_MIB),
                        "-smp",
                        cpus + ",maxcpus=" + Math.max(cpus, PROCESSORS)));
        line.addAll(
                switch (accelerator) {
                    case KVM -> List.of("-accel", "kvm", "-cpu", "host");
                    case TCG -> List.of("-accel", "tcg,thread=multi,tb-size=32", "-cpu", "qemu64");
                });
        line.addAll(
                List.of(
                        "-object",
                        "memory-backend-file,id=mem,size="
                                + memoryMiB
                                + "M,mem-path="
                                + memory
                                + ",share="
                                + (shared ? "on" : "off")));
        line.addAll(
                List.of(
                        "-chardev",
                        socket("agent", agentSocket(directory)) + ",server=on,wait=off"));
        line.addAll(List.of("-device", "virtio-serial-pci"));
        line.addAll(List.of("-device", "virtserialport,chardev=agent,name=agent.0"));
        line.addAll(
                List.of("-chardev", socket("qmp", qmpSocket(directory)) + ",server=on,wait=off"));
        line.addAll(List.of("-mon", "chardev=qmp,mode=control"));
        for (int i = 0; i < SLOTS; i++) {
            line.add("-device");
            line.add("pcie-root-port,id=rp" + i + ",chassis=" + (i + 1) + ",slot=" + (i + 1));
        }
        line.addAll(List.of("-netdev", "hubport,id=hub-" + FIRST_NIC + ",hubid=0"));
        line.addAll(
                List.of(
                        "-device",
                        "virtio-net-pci,id=first-%s,netdev=hub-%s,mac=%s,romfile=,"
                                        .formatted(FIRST_NIC, FIRST_NIC, NOBODYS_MAC)
                                + String.join("=off,", OFFLOADS)
                                + "=off"));
        return line;
    }

    private static String socket(String id, Path path) {
        return "socket,id=" + id + ",path=" + path.toString().replace(",", ",,");
    }
}
