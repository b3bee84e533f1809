package io.hypernetes.fuzzing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;

/**
 * One parser's run: whatever comes, it is understood or refused in the documented way, soon, and
 * without much memory.
 *
 * <p>A short run has a fixed seed and a fixed number of inputs, the same everywhere. {@code
 * -Dfuzz.seconds=N} makes it that long, {@code -Dlong=true} ten minutes, with a seed of its own.
 * What is found is told with its bytes in base64: it becomes a test of its own. {@code
 * -Dfuzz.report=FILE} gets a line for each parser: its test, seconds, inputs, findings.
 *
 * @param seeds inputs that are right
 * @param words of the language, that inputs are mixed with
 * @param documented whether a parser may throw this
 * @param inputs of a short run
 */
public record Fuzz(
        List<byte[]> seeds, List<byte[]> words, Predicate<Throwable> documented, int inputs) {
    private static final int INPUTS = 1_000;

    /** A short run on a slow machine ends before its inputs do. */
    private static final Duration SHORT_TIME = Duration.ofSeconds(5);

    private static final Duration LONG_TIME = Duration.ofMinutes(10);

    public Fuzz {
        if (seeds.isEmpty()) {
            throw new IllegalArgumentException("mutations begin with at least one seed");
        }
        seeds = List.copyOf(seeds);
        words = List.copyOf(words);
    }

    /** Texts, a byte for each character. Nothing may be thrown. */
    public static Fuzz of(List<String> seeds, List<String> words) {
        return new Fuzz(bytes(seeds), bytes(words), thrown -> false, INPUTS);
    }

    /** The same with refusals that are documented. */
    public Fuzz refusing(Predicate<Throwable> refusal) {
        return new Fuzz(seeds, words, refusal, inputs);
    }

    /** The same for a parser that is slow: a short run has fewer inputs. */
    public Fuzz shortInputs(int fewer) {
        return new Fuzz(seeds, words, documented, fewer);
    }

    /** Is fed. */
    @FunctionalInterface
    public interface Parser {
        void parse(byte[] input) throws Exception;
    }

    /** Throws an AssertionError that tells all different failures. */
    public void run(Parser parser) {
        Limits limits = limits();
        // Short runs are the same everywhere; long ones go where no one was before.
        long seed = limits.inputs() < Integer.MAX_VALUE ? 1 : System.nanoTime();
        Run run = new Run(parser, documented, new Mutator(seeds, words, seed), seeds, limits);
        long begin = System.nanoTime();
        try {
            run.run();
        } finally {
            report(run, Duration.ofNanos(System.nanoTime() - begin));
        }
    }

    /** A line of the file that {@code -Dfuzz.report=FILE} names. */
    private static void report(Run run, Duration time) {
        String file = System.getProperty("fuzz.report", "");
        if (file.isEmpty()) {
            return;
        }
        String parser =
                StackWalker.getInstance()
                        .walk(frames ->
                                frames.filter(frame -> frame.getClassName().endsWith("FuzzTest"))
                                        .findFirst()
                                        .map(frame ->
                                                frame.getClassName() + "." + frame.getMethodName())
                                        .orElse("?"));
        String line =
                "%s %d %d %d%n"
                        .formatted(parser, time.toSeconds(), run.executions(), run.findings());
        try {
            Files.writeString(
                    Path.of(file), line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How long a run goes on. */
    record Limits(int inputs, Duration time) {}

    private Limits limits() {
        int seconds = Integer.getInteger("fuzz.seconds", 0);
        if (seconds > 0) {
            return new Limits(Integer.MAX_VALUE, Duration.ofSeconds(seconds));
        }
        return Boolean.getBoolean("long")
                ? new Limits(Integer.MAX_VALUE, LONG_TIME)
                : new Limits(inputs, SHORT_TIME);
    }

    /** Of input for a parser of text. */
    public static String text(byte[] input) {
        return new String(input, StandardCharsets.ISO_8859_1);
    }

    private static List<byte[]> bytes(List<String> texts) {
        return texts.stream().map(text -> text.getBytes(StandardCharsets.ISO_8859_1)).toList();
    }
}
