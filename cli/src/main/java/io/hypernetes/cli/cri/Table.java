package io.hypernetes.cli.cri;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Columns that are as wide as their widest cell, and at least as wide as crictl's. */
final class Table {

    private static final int LEAST = 20;
    private static final int GAP = 3;

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... head) {
        rows.add(List.of(head));
    }

    void row(String... cells) {
        rows.add(List.of(cells));
    }

    void print(PrintStream out) {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], Math.max(LEAST, row.get(i).length() + GAP));
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns - 1; i++) {
                String cell = row.get(i);
                line.append(cell).append(" ".repeat(widths[i] - cell.length()));
            }
            out.println(line.append(row.getLast()));
        }
    }
}
