package io.hypernetes.bench;

import io.hypernetes.embedded.KubernetesApiServer;

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Locale;

/**
 * {@code ./hypernetes bench embedded}: an API server inside this JVM, started and closed again and
 * again by the builder's one call, which returns when it answers over TLS.
 */
public final class EmbeddedBench {

    private static final int WARM_UP = 10;
    private static final int STARTS = 30;

    private EmbeddedBench() {}

    /** One start: milliseconds that passed, and that the processor took for the whole process. */
    private record Start(double elapsed, double processor) {}

    public static void main(String[] arguments) {
        System.out.println("| embedded server | ms until it answers | processor, ms |");
        System.out.println("|---|---|---|");
        row("first start of a JVM", start());
        for (int i = 0; i < WARM_UP; i++) {
            start();
        }
        Start[] starts = new Start[STARTS];
        Arrays.setAll(starts, _ -> start());
        row("median of " + STARTS + " after " + WARM_UP + " more", median(starts));
    }

    private static Start start() {
        long begin = System.nanoTime();
        double processor = processorMillis();
        try (KubernetesApiServer _ = KubernetesApiServer.builder().start()) {
            return new Start((System.nanoTime() - begin) / 1e6, processorMillis() - processor);
        }
    }

    private static double processorMillis() {
        return ManagementFactory.getOperatingSystemMXBean()
                        instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime() / 1e6
                : Double.NaN;
    }

    private static Start median(Start[] starts) {
        double[] elapsed = Arrays.stream(starts).mapToDouble(Start::elapsed).sorted().toArray();
        double[] processor = Arrays.stream(starts).mapToDouble(Start::processor).sorted().toArray();
        return new Start(elapsed[STARTS / 2], processor[STARTS / 2]);
    }

    private static void row(String what, Start start) {
        System.out.printf(
                Locale.ROOT, "| %s | %.0f | %.0f |%n", what, start.elapsed(), start.processor());
    }
}
