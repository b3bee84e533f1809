package io.hypernetes.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Durations in milliseconds, and what can be said of them. Guarded by itself. */
public final class Samples {

    private final List<Double> millis = new ArrayList<>();

    public synchronized void add(long nanos) {
        millis.add(nanos / 1e6);
    }

    public synchronized int count() {
        return millis.size();
    }

    public synchronized double percentile(double p) {
        if (millis.isEmpty()) {
            return Double.NaN;
        }
        List<Double> sorted = millis.stream().sorted().toList();
        int index = (int) Math.ceil(p / 100 * sorted.size()) - 1;
        return sorted.get(Math.clamp(index, 0, sorted.size() - 1));
    }

    public double median() {
        return percentile(50);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "min %.0f, median %.0f, p99 %.0f ms",
                percentile(0),
                median(),
                percentile(99));
    }
}
