package io.hypernetes.bench;

import io.hypernetes.bench.pods.BareRestores;
import io.hypernetes.bench.pods.Pods;
import io.hypernetes.httpclient.RemoteClient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * {@code ./hypernetes bench}: makes an installation of its own, measures it, prints a Markdown
 * table and takes the installation down again.
 */
public final class Bench {

    private static final int PODS = 10;
    private static final long PAUSE = 10_000;
    private static final int[] CLIENTS = {1, 32};

    private Bench() {}

    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path home = Path.of(System.getProperty("hypernetes.home", "."));
        Path guest = Path.of(System.getProperty("hypernetes.guest", "guest/target"));
        Report report = new Report(System.out);
        try (Installed installed = new Installed(home)) {
            start(installed, report);
            try (RemoteClient client = new RemoteClient(installed.operator());
                    Pods pods = Pods.open(client);
                    BareRestores bare = new BareRestores(guest, installed.data())) {
                starts(pods, bare, report);
            }
            for (int clients : CLIENTS) {
                new ApiLoad(installed.operator(), clients).measure(report);
            }
            report.row("memory of the server after the load", memory(installed.serverPid()));
        }
        report.print();
    }

    private static void start(Installed installed, Report report)
            throws IOException, InterruptedException {
        report.row("first `up` (built, no state)", seconds(installed.up()));
        report.row("`up` while it runs", seconds(installed.up()));
        // What a start allocates is given back in the first idle moments.
        Thread.sleep(10_000);
        report.row("memory of the idle server (PSS)", memory(installed.serverPid()));
        installed.run("down");
        report.row("second `up`, after `down`", seconds(installed.up()));
    }

    /** One each ten seconds, so that the machines that stand by are made again in between. */
    private static void starts(Pods pods, BareRestores bare, Report report)
            throws InterruptedException {
        Samples clones = new Samples();
        Samples ready = new Samples();
        pods.start("warm-up", new Samples());
        for (int i = 0; i < PODS; i++) {
            pods.deleteAll();
            Thread.sleep(PAUSE);
            bare.measure(1, clones);
            pods.start("pod-" + i, ready);
        }
        pods.deleteAll();
        report.row("bare template restore to the agent's answer", clones.toString());
        report.row("pod create to Ready", ready.toString());
    }

    private static String seconds(long nanos) {
        return String.format(Locale.ROOT, "%.1f s", nanos / 1e9);
    }

    private static String memory(long pid) throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/" + pid + "/smaps_rollup"))) {
            if (line.startsWith("Pss:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) / 1024 + " MiB";
            }
        }
        throw new IOException("no Pss of " + pid);
    }
}
