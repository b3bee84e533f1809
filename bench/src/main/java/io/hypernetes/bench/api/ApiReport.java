package io.hypernetes.bench.api;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The Markdown table of a run: our figures, and kube-apiserver's where they are published. */
final class ApiReport {

    /**
     * Operations a second of kube-apiserver 1.36 over etcd with the same objects: measured
     * elsewhere, on another machine with two cores.
     */
    enum Published {
        NONE("", 0),
        CREATE_1("264-430", 430),
        GET_1("1,030-1,120", 1_120),
        CREATE_32("1,050-1,090", 1_090),
        GET_32("3,100-3,500", 3_500),
        PATCH_32("810-890", 890),
        DELETE_32("890-1,010", 1_010),
        LIST_32("19-20", 20),
        CONFIG_CREATE_32("1,490", 1_490),
        CONFIG_LIST_32("48-57", 57),
        FAN_OUT("17,000-37,000", 37_000);

        private final String text;
        private final double most;

        Published(String text, double most) {
            this.text = text;
            this.most = most;
        }
    }

    private final List<String> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    void row(String what, int clients, Figures figures, Published elsewhere) {
        String ratio =
                elsewhere == Published.NONE ? "" : number("%.1f", figures.rate() / elsewhere.most);
        add(
                "| "
                        + String.join(
                                " | ",
                                what,
                                Integer.toString(clients),
                                number("%,.0f", figures.rate()),
                                number("%.2f", figures.p50()),
                                number("%.1f", figures.p99()),
                                number("%,.0f", figures.cpuEach()),
                                number("%.0f", figures.compilerShare()),
                                number("%.0f", figures.collectorShare()),
                                number("%.0f", figures.serverMemory()),
                                elsewhere.text,
                                ratio)
                        + " |");
    }

    private void add(String row) {
        rows.add(row);
        System.err.println(row);
    }

    /** A line under the table. */
    void note(String format, Object... arguments) {
        String note = "- " + String.format(Locale.ROOT, format, arguments);
        notes.add(note);
        System.err.println(note);
    }

    private static String number(String format, double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
    }

    void print(PrintStream out) {
        out.println(
                "| what | clients | /s | p50 ms | p99 ms | server CPU, µs each | of it compiler, %"
                    + " | collector, % | server RSS, MiB | kube-apiserver 1.36, measured elsewhere,"
                    + " /s | ours to its best |");
        out.println("|---|---|---|---|---|---|---|---|---|---|---|");
        rows.forEach(out::println);
        out.println();
        notes.forEach(out::println);
    }
}
