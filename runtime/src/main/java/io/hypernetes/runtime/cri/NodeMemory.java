package io.hypernetes.runtime.cri;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What the node's kernel says of its memory. */
final class NodeMemory {

    private NodeMemory() {}

    /** Whether less than a tenth of it is left. */
    static boolean isShort() {
        return mebibytes("MemAvailable:") * 10 < mebibytes("MemTotal:");
    }

    private static long mebibytes(String name) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith(name)) {
                    return Long.parseLong(line.replaceAll("\\D", "")) >> 10;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("/proc/meminfo can not be read", e);
        }
        throw new IllegalStateException("/proc/meminfo has no " + name);
    }
}
