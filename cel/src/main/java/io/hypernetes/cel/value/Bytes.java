package io.hypernetes.cel.value;

import java.util.Arrays;

/** A CEL {@code bytes}; the array is never changed. */
public record Bytes(byte[] content) implements Comparable<Bytes> {
    public int size() {
        return content.length;
    }

    @Override
    public int compareTo(Bytes other) {
        return Arrays.compareUnsigned(content, other.content);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(content);
    }

    @Override
    public String toString() {
        return new String(content, java.nio.charset.StandardCharsets.UTF_8);
    }
}
