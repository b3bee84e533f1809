package io.hypernetes.server.jetty;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * A long answer in pieces of several TLS records: each write costs a record and a system call at
 * least. The pieces' buffers are used again, a few of them by all answers: those of lists that one
 * tenant asks for over and over were a fifth of what is allocated, and each collection of the heap
 * keeps everybody waiting.
 */
final class Pieces {
    static final int LENGTH = 128 * 1024;

    private static final int KEPT = 8;

    /** What nobody uses. */
    private static final BlockingQueue<ByteBuffer> FREE = new ArrayBlockingQueue<>(KEPT);

    private Pieces() {}

    /** Returns when it has done with the bytes. */
    @FunctionalInterface
    interface Target {
        void write(boolean last, ByteBuffer bytes) throws IOException;
    }

    static void write(List<byte[]> chunks, long length, Target target) throws IOException {
        ByteBuffer piece = buffer(length);
        for (byte[] chunk : chunks) {
            for (int from = 0; from < chunk.length; ) {
                if (!piece.hasRemaining()) {
                    target.write(false, piece.flip());
                    piece.clear();
                }
                int count = Math.min(chunk.length - from, piece.remaining());
                piece.put(chunk, from, count);
                from += count;
            }
        }
        target.write(true, piece.flip());
        // Not after a failure: a write that was given up may still read from it.
        if (piece.capacity() == LENGTH) {
            FREE.offer(piece.clear());
        }
    }

    private static ByteBuffer buffer(long length) {
        ByteBuffer free = length < LENGTH ? null : FREE.poll();
        return free == null ? ByteBuffer.allocate((int) Math.min(length, LENGTH)) : free;
    }
}
