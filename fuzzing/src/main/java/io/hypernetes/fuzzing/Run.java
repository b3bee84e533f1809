package io.hypernetes.fuzzing;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Inputs go to the parser on a thread of its own, so that one that never ends is noticed. An input
 * whose refusal comes from a place in the code where none came from before joins the seeds: so the
 * mutations find their way into the parser without looking into it.
 */
final class Run {
    /** Of processor time for one input. */
    private static final Duration MOST_TIME = Duration.ofSeconds(5);

    private static final Duration ENDLESS = Duration.ofSeconds(60);
    private static final long MOST_MEMORY = 256L << 20;
    private static final int MOST_FAILURES = 10;
    private static final int FRAMES = 4;

    private static final com.sun.management.ThreadMXBean THREADS =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** What the worker is at. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Turn(byte[] input, long begin) {}

    private final Fuzz.Parser parser;
    private final Predicate<Throwable> documented;
    private final Mutator mutator;
    private final List<byte[]> seeds;
    private final Fuzz.Limits limits;

    /** By their place in the code. The worker writes, the caller reads it at the end. */
    private final Map<String, Throwable> failures = new ConcurrentHashMap<>();

    private volatile long executions;

    /** Of the worker. */
    private final Set<String> places = new HashSet<>();

    private volatile Turn turn = new Turn(new byte[0], 0);

    Run(
            Fuzz.Parser parser,
            Predicate<Throwable> documented,
            Mutator mutator,
            List<byte[]> seeds,
            Fuzz.Limits limits) {
        this.parser = parser;
        this.documented = documented;
        this.mutator = mutator;
        this.seeds = seeds;
        this.limits = limits;
    }

    /** How many inputs the parser got. */
    long executions() {
        return executions;
    }

    int findings() {
        return failures.size();
    }

    void run() {
        Thread worker = Thread.ofPlatform().name("fuzz").daemon().start(this::feed);
        try {
            while (!worker.join(Duration.ofMillis(200))) {
                Turn now = turn;
                long spent = THREADS.getThreadCpuTime(worker.threadId()) - now.begin();
                if (spent > ENDLESS.toNanos() && now == turn) {
                    throw new AssertionError("no end with the bytes " + text(now.input()));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        if (!failures.isEmpty()) {
            AssertionError all =
                    new AssertionError(
                            failures.values().stream()
                                    .map(Throwable::getMessage)
                                    .collect(Collectors.joining("\n")));
            failures.values().forEach(all::addSuppressed);
            throw all;
        }
    }

    private void feed() {
        seeds.forEach(this::feed);
        long end = System.nanoTime() + limits.time().toNanos();
        for (int i = 0;
                i < limits.inputs()
                        && System.nanoTime() - end < 0
                        && failures.size() < MOST_FAILURES;
                i++) {
            feed(mutator.next());
        }
    }

    private void feed(byte[] input) {
        long memory = THREADS.getCurrentThreadAllocatedBytes();
        long time = THREADS.getCurrentThreadCpuTime();
        turn = new Turn(input, time);
        executions++; // by the worker alone
        try {
            parser.parse(input);
        } catch (Exception | StackOverflowError | OutOfMemoryError | AssertionError e) {
            place(input, e);
        }
        Duration spent = Duration.ofNanos(THREADS.getCurrentThreadCpuTime() - time);
        if (spent.compareTo(MOST_TIME) > 0) {
            failed("time", new AssertionError(spent + " for the bytes " + text(input)));
        }
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - memory;
        if (allocated > MOST_MEMORY) {
            failed("memory", new AssertionError(allocated + " bytes for " + text(input)));
        }
    }

    private void place(byte[] input, Throwable thrown) {
        String place = place(thrown);
        if (!documented.test(thrown)) {
            failed(place, new AssertionError(thrown + " for the bytes " + text(input), thrown));
        } else if (places.add(place)) {
            mutator.keep(input);
        }
    }

    private void failed(String place, AssertionError failure) {
        failures.putIfAbsent(place, failure);
    }

    /** The innermost calls. */
    private static String place(Throwable thrown) {
        return thrown.getClass().getName()
                + Arrays.stream(thrown.getStackTrace())
                        .limit(FRAMES)
                        .map(StackTraceElement::toString)
                        .collect(Collectors.joining());
    }

    private static String text(byte[] input) {
        return Base64.getEncoder().encodeToString(input);
    }
}
