package io.hypernetes.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;

/**
 * What a starting server tells of itself, line by line in {@code run/progress}: {@code "+ text"}
 * for a step, {@code "! text"} for the end in failure, {@code "= text"} for the end in success.
 */
public final class Progress {

    private final Path file;
    private final long start = System.nanoTime();
    private final boolean echo;

    /**
     * @param echo whether to print the steps as well
     */
    public Progress(Path file, boolean echo) {
        this.file = file;
        this.echo = echo;
    }

    /** Begins a new account. */
    public void begin() throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, "");
    }

    public void step(String text) {
        append("+ " + text);
        if (echo) {
            System.err.printf(Locale.ROOT, "[%6.1fs] %s%n", seconds(), text);
        }
    }

    public void ready(String text) {
        append("= " + text);
        if (echo) {
            System.err.printf(Locale.ROOT, "[%6.1fs] %s%n", seconds(), text);
        }
    }

    public void failed(String text) {
        append("! " + text);
        if (echo) {
            System.err.println("hypernetes: " + text);
        }
    }

    private double seconds() {
        return (System.nanoTime() - start) / 1e9;
    }

    private void append(String line) {
        try {
            Files.writeString(
                    file,
                    line.replace('\n', ' ') + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new CommandException(file + " cannot be written: " + e.getMessage(), e);
        }
    }
}
