package io.hypernetes.bench.pods;

import io.hypernetes.bench.Installed;
import io.hypernetes.bench.Report;
import io.hypernetes.bench.Samples;
import io.hypernetes.httpclient.RemoteClient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * {@code ./hypernetes bench density [--limit N]}: starts pods until one is refused, or little
 * memory is left; tells how many ran, in how much memory, why it was the last, and what is left
 * when they are deleted.
 */
public final class DensityBench {

    private static final int STEP = 5;
    private static final long LEAST_KIB = 1 << 20;
    private static final long SETTLED = 15_000;

    private DensityBench() {}

    public static void main(String[] arguments) throws Exception {
        int limit = Integer.MAX_VALUE;
        for (int i = 0; i + 1 < arguments.length; i++) {
            if (arguments[i].equals("--limit")) {
                limit = Integer.parseInt(arguments[i + 1]);
            }
        }
        Path home = Path.of(System.getProperty("hypernetes.home", "."));
        Report report = new Report(System.out);
        try (Installed installed = new Installed(home)) {
            installed.up();
            try (RemoteClient client = new RemoteClient(installed.operator());
                    Pods pods = Pods.open(client)) {
                Thread.sleep(SETTLED);
                fill(installed.data(), pods, limit, report);
            }
        }
        report.print();
    }

    private static void fill(Path data, Pods pods, int limit, Report report)
            throws IOException, InterruptedException {
        long before = HostMemory.available();
        HostMemory empty = HostMemory.of(data);
        Samples samples = new Samples();
        long start = System.nanoTime();
        String end = untilFull(pods, limit, samples);
        double seconds = (System.nanoTime() - start) / 1e9;
        Thread.sleep(SETTLED);
        HostMemory full = HostMemory.of(data);
        long used = before - HostMemory.available();
        int running = full.machines().size();
        report.row(
                "pods that ran at the same time",
                String.format(Locale.ROOT, "%d, started in %.0f s", running, seconds));
        report.row("why the next one did not", end);
        report.row("memory of the machine of each, PSS", full.machine());
        report.row(
                "growth of server and network's daemons, PSS, for each",
                mebibytes((full.rest() - empty.rest()) / Math.max(1.0, running)));
        report.row(
                "memory of this machine that went, for each",
                mebibytes(used / Math.max(1.0, running)));
        pods.deleteAll();
        Thread.sleep(SETTLED);
        report.row(
                "left when they were deleted",
                String.format(
                        Locale.ROOT,
                        "%d machines, %d sandboxes, %d folders of logs, %.0f MiB",
                        HostMemory.of(data).machines().size(),
                        entries(data.resolve("hyper/sandboxes")),
                        entries(data.resolve("log/pods")),
                        (before - HostMemory.available()) / 1024.0));
    }

    private static String untilFull(Pods pods, int limit, Samples samples)
            throws IOException, InterruptedException {
        int count = 0;
        while (count < limit) {
            if (HostMemory.available() < LEAST_KIB) {
                return "less than a GiB of memory is left";
            }
            int step = Math.min(STEP, limit - count);
            try {
                pods.start(PodsBench.names("pod-" + count + "-", step), samples);
            } catch (Pods.Refused e) {
                return "\"" + e.getMessage() + "\"";
            }
            count += step;
        }
        return "the limit that was asked for";
    }

    private static String mebibytes(double kibibytes) {
        return String.format(Locale.ROOT, "%.1f MiB", kibibytes / 1024);
    }

    private static long entries(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.count();
        }
    }
}
