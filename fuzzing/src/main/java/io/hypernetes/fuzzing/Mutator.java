package io.hypernetes.fuzzing;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Makes inputs out of seeds: bytes flipped, cut, doubled, mixed with each other and with words of
 * the language. For one thread.
 */
final class Mutator {
    private static final int MOST_BYTES = 64 * 1024;
    private static final int MOST_SEEDS = 1_000;

    /** Words come once, a few times, or often enough to be deep or long. */
    private static final int MOST_REPEATED = 3_000;

    private final List<byte[]> seeds;
    private final List<byte[]> words;
    private final Random random;

    Mutator(List<byte[]> seeds, List<byte[]> words, long seed) {
        this.seeds = new ArrayList<>(seeds);
        this.words = List.copyOf(words);
        this.random = new Random(seed);
    }

    /** What led somewhere new is worth being changed further. */
    void keep(byte[] input) {
        if (seeds.size() < MOST_SEEDS) {
            seeds.add(input);
        }
    }

    byte[] next() {
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
        int to = Math.min(input.length, at + random.nextInt(41));
        return switch (random.nextInt(9)) {
            case 0 -> join(part(input, 0, at), new byte[] {(byte) random.nextInt(256)}, input, to);
            case 1 -> join(part(input, 0, at), new byte[0], input, to);
            case 2 -> join(part(input, 0, to), part(input, at, to), input, to);
            case 3 -> join(part(input, 0, at), word(1), input, at);
            case 4 -> join(part(input, 0, at), word(1 + random.nextInt(3)), input, to);
            case 5 -> join(part(input, 0, at), word(1 + random.nextInt(MOST_REPEATED)), input, at);
            case 6 -> part(input, 0, at);
            case 7 -> flip(input);
            default -> {
                byte[] other = any();
                int from = random.nextInt(other.length + 1);
                yield join(part(input, 0, at), part(other, from, other.length), input, to);
            }
        };
    }

    private byte[] flip(byte[] input) {
        byte[] flipped = input.clone();
        if (flipped.length > 0) {
            int at = random.nextInt(flipped.length);
            flipped[at] = (byte) (flipped[at] ^ 1 << random.nextInt(8));
        }
        return flipped;
    }

    private byte[] word(int times) {
        if (words.isEmpty()) {
            return new byte[] {(byte) random.nextInt(256)};
        }
        byte[] word = words.get(random.nextInt(words.size()));
        int count = Math.min(times, MOST_BYTES / word.length);
        byte[] repeated = new byte[word.length * count];
        for (int i = 0; i < repeated.length; i++) {
            repeated[i] = word[i % word.length];
        }
        return repeated;
    }

    private static byte[] part(byte[] of, int from, int to) {
        return Arrays.copyOfRange(of, from, to);
    }

    private static byte[] join(byte[] begin, byte[] middle, byte[] rest, int from) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(begin);
        joined.writeBytes(middle);
        joined.write(rest, from, rest.length - from);
        return joined.toByteArray();
    }
}
