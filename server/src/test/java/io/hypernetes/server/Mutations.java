package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ApiException;

import java.io.ByteArrayOutputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Feeds a parser with what is nearly right: seeds whose bytes are flipped, cut, doubled, mixed with
 * each other and with words of the language. A second for each parser or, with {@code -Dlong=true},
 * ten minutes. Whatever comes: it is understood or refused with a 4xx, soon, and without much
 * memory.
 */
final class Mutations {
    private static final Duration TIME =
            Boolean.getBoolean("long") ? Duration.ofMinutes(10) : Duration.ofSeconds(1);

    private static final int MOST_BYTES = 64 * 1024;

    /** Of processor time for one input. */
    private static final Duration MOST_TIME = Duration.ofSeconds(5);

    private static final long MOST_MEMORY = 256L << 20;

    private final List<byte[]> seeds;
    private final List<String> words;
    private final Random random;

    private Mutations(List<String> seeds, List<String> words, long seed) {
        this.seeds = seeds.stream().map(s -> s.getBytes(StandardCharsets.ISO_8859_1)).toList();
        this.words = words;
        this.random = new Random(seed);
    }

    /**
     * @param parser may throw an ApiException of the client's making, and nothing else
     */
    static void feed(List<String> seeds, List<String> words, Consumer<byte[]> parser) {
        // Short runs are the same everywhere; long ones go where no one was before.
        long seed = Boolean.getBoolean("long") ? System.nanoTime() : 1;
        Mutations mutations = new Mutations(seeds, words, seed);
        long end = System.nanoTime() + TIME.toNanos();
        int tries = 0;
        while (tries < seeds.size() || System.nanoTime() - end < 0) {
            byte[] input = tries < seeds.size() ? mutations.seeds.get(tries) : mutations.next();
            tries++;
            feed(input, parser);
        }
        assertThat(tries).isGreaterThanOrEqualTo(seeds.size());
    }

    private static void feed(byte[] input, Consumer<byte[]> parser) {
        var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long memory = threads.getCurrentThreadAllocatedBytes();
        long time = threads.getCurrentThreadCpuTime();
        try {
            parser.accept(input);
        } catch (ApiException e) {
            assertThat(e.status().code()).as(text(input)).isBetween(400, 499);
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            throw new AssertionError("for the bytes (base64) " + text(input), e);
        }
        assertThat(Duration.ofNanos(threads.getCurrentThreadCpuTime() - time))
                .as(() -> "time for " + text(input))
                .isLessThan(MOST_TIME);
        assertThat(threads.getCurrentThreadAllocatedBytes() - memory)
                .as(() -> "memory for " + text(input))
                .isLessThan(MOST_MEMORY);
    }

    private static String text(byte[] input) {
        return Base64.getEncoder().encodeToString(input);
    }

    private byte[] next() {
        byte[] input = any().clone();
        for (int i = 1 + random.nextInt(6); i > 0; i--) {
            input = mutate(input);
        }
        return input.length > MOST_BYTES ? part(input, 0, MOST_BYTES) : input;
    }

    private byte[] any() {
        return seeds.get(random.nextInt(seeds.size()));
    }

    private byte[] mutate(byte[] input) {
        int at = random.nextInt(input.length + 1);
        int to = at + random.nextInt(Math.min(40, input.length - at + 1) + 1);
        to = Math.min(to, input.length);
        return switch (random.nextInt(7)) {
            case 0 -> join(part(input, 0, at), new byte[] {(byte) random.nextInt(256)}, input, to);
            case 1 -> join(part(input, 0, at), new byte[0], input, to);
            case 2 -> join(part(input, 0, to), part(input, at, to), input, to);
            case 3 -> join(part(input, 0, at), word(1), input, at);
            case 4 -> join(part(input, 0, at), word(1 + random.nextInt(3000)), input, at);
            case 5 -> part(input, 0, at);
            default -> {
                byte[] other = any();
                int from = random.nextInt(other.length + 1);
                yield join(part(input, 0, at), part(other, from, other.length), input, to);
            }
        };
    }

    private byte[] word(int times) {
        String word = words.get(random.nextInt(words.size()));
        return word.repeat(Math.min(times, MOST_BYTES / word.length()))
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] part(byte[] of, int from, int to) {
        return java.util.Arrays.copyOfRange(of, from, to);
    }

    private static byte[] join(byte[] begin, byte[] middle, byte[] rest, int from) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(begin);
        joined.writeBytes(middle);
        joined.writeBytes(part(rest, from, rest.length));
        return joined.toByteArray();
    }
}
