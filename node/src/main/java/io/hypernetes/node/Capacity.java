package io.hypernetes.node;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this machine offers to pods.
 *
 * @param milliCpu thousandths of a core
 * @param memoryBytes all memory of the machine
 * @param reservedBytes kept for the host: never given to pods
 * @param storageBytes of the file system that holds the data
 * @param pods at most so many
 */
public record Capacity(
        long milliCpu, long memoryBytes, long reservedBytes, long storageBytes, int pods) {

    private static final Pattern TOTAL = Pattern.compile("MemTotal:\\s+(\\d+) kB");
    private static final long GIB = 1L << 30;
    private static final int PODS = 250;

    /** Reads the machine; an eighth of the memory, at least 1 GiB, stays with the host. */
    public static Capacity ofThisMachine(Path data) throws IOException {
        Matcher total = TOTAL.matcher(Files.readString(Path.of("/proc/meminfo")));
        long memory = total.find() ? Long.parseLong(total.group(1)) * 1024 : 2 * GIB;
        return new Capacity(
                Runtime.getRuntime().availableProcessors() * 1000L,
                memory,
                Math.min(memory / 2, Math.max(GIB, memory / 8)),
                Files.getFileStore(data).getTotalSpace(),
                PODS);
    }

    public long allocatableBytes() {
        return memoryBytes - reservedBytes;
    }
}
