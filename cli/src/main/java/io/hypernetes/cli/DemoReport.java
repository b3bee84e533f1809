package io.hypernetes.cli;

import java.io.PrintStream;
import java.util.Locale;

/** What the demo did and what came of it, for reading. */
final class DemoReport {

    private final PrintStream out;
    private final long start = System.nanoTime();
    private int passed;
    private int failed;

    DemoReport(PrintStream out) {
        this.out = out;
    }

    void chapter(String title) {
        out.printf("%n%s%n", title);
    }

    /** A command as the user would type it. */
    void command(String text) {
        out.printf("   $ %s%n", text);
    }

    void output(String text) {
        text.lines().forEach(line -> out.printf("     %s%n", line));
    }

    void check(String claim, boolean holds, String evidence) {
        if (holds) {
            passed++;
        } else {
            failed++;
        }
        out.printf("   %s %s%n", holds ? "[ok]  " : "[FAIL]", claim);
        if (!evidence.isEmpty()) {
            out.printf("          %s%n", evidence.lines().limit(1).findFirst().orElse(""));
        }
    }

    /** The exit code. */
    int close() {
        out.printf(
                Locale.ROOT,
                "%n%d checks passed, %d failed, in %.1f s%n",
                passed,
                failed,
                (System.nanoTime() - start) / 1e9);
        return failed == 0 ? 0 : 1;
    }
}
