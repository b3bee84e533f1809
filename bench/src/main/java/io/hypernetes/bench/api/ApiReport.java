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

    private record Row(String what, int clients, Figures figures, Published elsewhere) {

        String start() {
            return what + " | " + clients + " | " + own(figures);
        }

        /** Beside what is published. */
        String whole() {
            String ratio =
                    elsewhere == Published.NONE
                            ? ""
                            : number("%.1f", figures.rate() / elsewhere.most);
            return "| " + String.join(" | ", start(), elsewhere.text, ratio) + " |";
        }

        /** Beside the same of another server. */
        String whole(Figures other) {
            return "| "
                    + String.join(
                            " | ",
                            start(),
                            number("%,.0f", other.rate()),
                            number("%.2f", other.p50()),
                            number("%.1f", other.p99()),
                            number("%,.0f", other.cpuEach()),
                            number("%.0f", other.serverMemory()),
                            number("%.1f", figures.rate() / other.rate()))
                    + " |";
        }

        private static String own(Figures figures) {
            return String.join(
                    " | ",
                    number("%,.0f", figures.rate()),
                    number("%.2f", figures.p50()),
                    number("%.1f", figures.p99()),
                    number("%,.0f", figures.cpuEach()),
                    number("%.0f", figures.compilerShare()),
                    number("%.0f", figures.collectorShare()),
                    number("%.0f", figures.serverMemory()));
        }
    }

    private final List<Row> rows = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();

    void row(String what, int clients, Figures figures, Published elsewhere) {
        Row row = new Row(what, clients, figures, elsewhere);
        rows.add(row);
        System.err.println(row.whole());
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
        head(out, List.of("kube-apiserver 1.36, measured elsewhere, /s", "ours to its best"));
        rows.forEach(row -> out.println(row.whole()));
        out.println();
        notes.forEach(out::println);
    }

    /** With the figures of a kube-apiserver that the same load was put on. */
    void print(PrintStream out, ApiReport upstream) {
        head(
                out,
                List.of(
                        "kube-apiserver, /s",
                        "p50 ms",
                        "p99 ms",
                        "its CPU, µs each",
                        "its RSS, MiB",
                        "ours to its rate"));
        for (Row row : rows) {
            upstream.rows.stream()
                    .filter(u -> u.what.equals(row.what) && u.clients == row.clients)
                    .findFirst()
                    .ifPresent(other -> out.println(row.whole(other.figures)));
        }
        out.println();
        notes.forEach(out::println);
        out.println();
        out.println("kube-apiserver:");
        out.println();
        upstream.notes.forEach(out::println);
    }

    private static void head(PrintStream out, List<String> beside) {
        List<String> columns =
                new ArrayList<>(
                        List.of(
                                "what",
                                "clients",
                                "/s",
                                "p50 ms",
                                "p99 ms",
                                "server CPU, µs each",
                                "of it compiler, %",
                                "collector, %",
                                "server RSS, MiB"));
        columns.addAll(beside);
        out.println("| " + String.join(" | ", columns) + " |");
        out.println("|" + "---|".repeat(columns.size()));
    }
}
