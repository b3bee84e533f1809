package io.hypernetes.bench;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** A Markdown table that grows on the terminal. */
public final class Report {

    private final PrintStream out;
    private final List<String> rows = new ArrayList<>();

    public Report(PrintStream out) {
        this.out = out;
    }

    public void row(String what, String figure) {
        String row = "| " + what + " | " + figure + " |";
        rows.add(row);
        System.err.println(row);
    }

    public void print() {
        out.println("| what | figure |");
        out.println("|---|---|");
        rows.forEach(out::println);
    }
}
