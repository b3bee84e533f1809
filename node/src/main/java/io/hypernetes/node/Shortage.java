package io.hypernetes.node;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.hypernetes.api.quantity.Quantity;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Something that the machine has too little left of.
 *
 * @param threshold below which it is too little
 */
record Shortage(Kind kind, long threshold, long available) {

    private static final long MIB = 1L << 20;
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");

    /** Upstream's default for memory. */
    private static final long LEAST_MEMORY = 100 * MIB;

    /**
     * A tenth of the disk, as upstream, but no more than this: pods write nothing there but logs
     * and volumes that were promised, so a large disk need not stay empty by tens of gigabytes.
     */
    private static final long LEAST_DISK = 2048 * MIB;

    private static final long LEAST_PROCESSES = 1000;

    /** In the order in which upstream deals with them. */
    enum Kind {
        MEMORY(
                "MemoryPressure",
                "memory",
                "KubeletHasInsufficientMemory",
                "KubeletHasSufficientMemory"),
        DISK(
                "DiskPressure",
                "ephemeral-storage",
                "KubeletHasDiskPressure",
                "KubeletHasNoDiskPressure"),
        PROCESSES("PIDPressure", "pids", "KubeletHasInsufficientPID", "KubeletHasSufficientPID");

        private final String condition;
        private final String resource;
        private final String reason;
        private final String relief;

        Kind(String condition, String resource, String reason, String relief) {
            this.relief = relief;
            this.condition = condition;
            this.resource = resource;
            this.reason = reason;
        }

        /** The node's condition. */
        String condition() {
            return condition;
        }

        String resource() {
            return resource;
        }

        /** Of the condition while it lasts. */
        String reason() {
            return reason;
        }

        /** Of the condition when all is well. */
        String relief() {
            return relief;
        }
    }

    /** What a machine has left. */
    record Left(long memoryBytes, Disk disk, long processes) {

        /**
         * @param folders what of this machine's disks is looked at: the one that is fuller counts
         */
        static Left ofThisMachine(Collection<Path> folders) throws IOException {
            Matcher memory = AVAILABLE.matcher(Files.readString(Path.of("/proc/meminfo")));
            List<Disk> disks = new ArrayList<>();
            for (Path folder : folders) {
                disks.add(Disk.of(existing(folder)));
            }
            return new Left(
                    memory.find() ? Long.parseLong(memory.group(1)) * 1024 : Long.MAX_VALUE,
                    Collections.max(disks, Comparator.comparingInt(Disk::usedPercent)),
                    mostProcesses() - running());
        }

        /** In one piece: the kernel gives the rest of such a file to nobody (proc_sys(5)). */
        private static long mostProcesses() throws IOException {
            try (InputStream file = Files.newInputStream(Path.of("/proc/sys/kernel/pid_max"))) {
                return Long.parseLong(new String(file.readNBytes(64), US_ASCII).strip());
            }
        }

        /** Processes and threads. */
        private static long running() throws IOException {
            String load = Files.readString(Path.of("/proc/loadavg"));
            return Long.parseLong(load.split(" ", -1)[3].split("/", -1)[1]);
        }

        /** A folder that is made with the first file in it is on its parent's disk until then. */
        private static Path existing(Path folder) {
            Path at = folder;
            while (!Files.exists(at) && at.getParent() != null) {
                at = at.getParent();
            }
            return at;
        }

        Optional<Shortage> of(Kind kind) {
            Shortage shortage =
                    switch (kind) {
                        case MEMORY -> new Shortage(kind, LEAST_MEMORY, memoryBytes);
                        case DISK ->
                                new Shortage(
                                        kind,
                                        Math.min(LEAST_DISK, disk.totalBytes() / 10),
                                        disk.availableBytes());
                        case PROCESSES -> new Shortage(kind, LEAST_PROCESSES, processes);
                    };
            return Optional.of(shortage).filter(some -> some.available < some.threshold);
        }
    }

    /** The begin of upstream's message to the pod that has to go. */
    String message() {
        return "The node was low on resource: %s. Threshold quantity: %s, available: %s. "
                .formatted(kind.resource(), text(threshold), text(available / 1024 * 1024));
    }

    private String text(long amount) {
        return kind == Kind.PROCESSES
                ? Long.toString(amount)
                : Quantity.of(amount, Quantity.Format.BINARY_SI).toString();
    }
}
