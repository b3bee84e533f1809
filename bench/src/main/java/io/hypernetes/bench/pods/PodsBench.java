package io.hypernetes.bench.pods;

import io.hypernetes.bench.Installed;
import io.hypernetes.bench.Report;
import io.hypernetes.bench.Samples;
import io.hypernetes.httpclient.RemoteClient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/**
 * {@code ./hypernetes bench pods}: pods from their create to Ready, alone and twenty at once, each
 * beside bare clones of the template in turn, and the memory of idle ones.
 */
public final class PodsBench {

    private static final int ALONE = 10;
    private static final int BURST = 20;
    private static final int BURSTS = 3;

    /** Long enough for the machines that stand by to be made again. */
    private static final long PAUSE = 10_000;

    private static final long SETTLED = 15_000;

    private final Installed installed;
    private final Pods pods;
    private final BareRestores bare;
    private final Report report;

    private PodsBench(Installed installed, Pods pods, BareRestores bare, Report report) {
        this.installed = installed;
        this.pods = pods;
        this.bare = bare;
        this.report = report;
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(System.getProperty("hypernetes.home", "."));
        Path guest = Path.of(System.getProperty("hypernetes.guest", "guest/target"));
        Report report = new Report(System.out);
        try (Installed installed = new Installed(home)) {
            installed.up();
            try (RemoteClient client = new RemoteClient(installed.operator());
                    Pods pods = Pods.open(client);
                    BareRestores bare = new BareRestores(guest, installed.data())) {
                new PodsBench(installed, pods, bare, report).run();
            }
        }
        report.row("load of the machine", Files.readString(Path.of("/proc/loadavg")).strip());
        report.print();
    }

    private void run() throws IOException, InterruptedException, Pods.Refused {
        pods.start("warm-up", new Samples());
        pods.deleteAll();
        measure("alone, one each " + PAUSE / 1000 + " s", 1, ALONE, PAUSE);
        measure("one after the other", 1, ALONE, 0);
        measure(BURST + " at once", BURST, BURSTS, PAUSE);
        memory();
    }

    private void measure(String what, int count, int rounds, long pause)
            throws InterruptedException, Pods.Refused {
        Samples clones = new Samples();
        Samples ready = new Samples();
        for (int round = 0; round < rounds; round++) {
            Thread.sleep(pause);
            bare.measure(count, clones);
            Thread.sleep(pause);
            pods.start(names("pod-" + round + "-", count), ready);
            pods.deleteAll();
        }
        report.row("bare template restore to the agent's answer, " + what, clones.toString());
        report.row("pod create to Ready, " + what, ready.toString());
        report.row(
                "the same, median over median and p99 over p99",
                String.format(
                        Locale.ROOT,
                        "%.1fx, %.1fx",
                        ready.median() / clones.median(),
                        ready.percentile(99) / clones.percentile(99)));
    }

    private void memory() throws IOException, InterruptedException, Pods.Refused {
        Thread.sleep(SETTLED);
        HostMemory before = HostMemory.of(installed.data());
        pods.start(names("idle-", BURST), new Samples());
        Thread.sleep(SETTLED);
        HostMemory after = HostMemory.of(installed.data());
        report.row(
                "memory of the machine of an idle pod, PSS, " + BURST + " pods", after.machine());
        report.row(
                "growth of server and network's daemons, PSS, for each pod",
                String.format(
                        Locale.ROOT, "%.1f MiB", (after.rest() - before.rest()) / 1024.0 / BURST));
        pods.deleteAll();
    }

    static List<String> names(String prefix, int count) {
        return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
    }
}
