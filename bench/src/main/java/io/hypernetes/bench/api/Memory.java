package io.hypernetes.bench.api;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** What is alive in the heap of a JVM of this machine. */
final class Memory {

    private static final int SHOWN = 25;

    private Memory() {}

    /** Bytes after a full collection, which the histogram makes the JVM do. */
    static long live(ServerUsage server) throws IOException, InterruptedException {
        return live(server, SHOWN);
    }

    /** The same; the largest so many classes are told on standard error. */
    static long live(ServerUsage server, int shown) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(server.pid()),
                                "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd: " + text);
        }
        text.lines().limit(shown).forEach(System.err::println);
        String[] total =
                text.lines()
                        .filter(line -> line.startsWith("Total"))
                        .findFirst()
                        .orElseThrow(() -> new IOException("no total: " + text))
                        .split("\\s+", -1);
        return Long.parseLong(total[2]);
    }
}
