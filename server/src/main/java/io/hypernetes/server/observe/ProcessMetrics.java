package io.hypernetes.server.observe;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/** The process' own needs, under the names that Prometheus' client libraries agreed on. */
final class ProcessMetrics {
    private static final Path STATUS = Path.of("/proc/self/status");

    private ProcessMetrics() {}

    static void register(ServerMetrics metrics) {
        MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
        metrics.counter(
                "process_cpu_seconds",
                "Processor time that the process has used, in seconds.",
                () ->
                        ProcessHandle.current()
                                        .info()
                                        .totalCpuDuration()
                                        .orElse(Duration.ZERO)
                                        .toMillis()
                                / 1e3);
        metrics.gauge(
                "process_resident_memory_bytes",
                "Memory of the process that is in use, in bytes.",
                ProcessMetrics::resident);
        metrics.gauge(
                "process_start_time_seconds",
                "When the process began, in seconds since 1970.",
                () ->
                        ProcessHandle.current()
                                        .info()
                                        .startInstant()
                                        .orElse(Instant.EPOCH)
                                        .toEpochMilli()
                                / 1e3);
        metrics.gauge(
                "jvm_memory_heap_used_bytes",
                "Heap of the virtual machine that holds objects, in bytes.",
                () -> memory.getHeapMemoryUsage().getUsed());
    }

    /** 0 where there is no /proc. */
    private static double resident() {
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("VmRSS:")) {
                    return Double.parseDouble(line.replaceAll("[^0-9]", "")) * 1024;
                }
            }
            return 0;
        } catch (IOException _) {
            return 0;
        }
    }
}
