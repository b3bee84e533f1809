package io.hypernetes.server.audit;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;

/**
 * One thread that writes what others hand it: events wait in a bounded queue, and those that have
 * come together are flushed together.
 */
final class EventWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EventWriter.class);
    private static final int QUEUE = 10_000;
    private static final byte[] END = new byte[0];

    /** Where the events go; the writer's thread alone calls it. */
    interface Lines {
        void append(byte[] event) throws IOException;

        /** After the events that have come together. */
        void flush() throws IOException;

        /** After the last event. */
        void close() throws IOException;
    }

    private final Path file;
    private final Lines lines;
    private final LinkedBlockingQueue<byte[]> queue = new LinkedBlockingQueue<>(QUEUE);
    private final Thread thread;

    /**
     * @param file as messages name it
     */
    EventWriter(String name, Path file, Lines lines) {
        this.file = file;
        this.lines = lines;
        this.thread = Thread.ofPlatform().name(name).start(this::run);
    }

    /** False when the disk does not follow and the event has no place. */
    boolean offer(byte[] event) {
        return queue.offer(event);
    }

    /** Waits for a place, interrupted or not. */
    void put(byte[] event) {
        boolean interrupted = false;
        while (true) {
            try {
                queue.put(event);
                break;
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        List<byte[]> batch = new ArrayList<>();
        boolean goOn = true;
        while (goOn) {
            batch.clear();
            try {
                batch.add(queue.take());
            } catch (InterruptedException _) {
                return; // nobody interrupts it but the end of the process
            }
            queue.drainTo(batch);
            try {
                goOn = append(batch);
            } catch (IOException e) {
                LOG.error("{} audit events are lost: {} cannot be written", batch.size(), file, e);
            }
        }
    }

    /** False after the last event. */
    private boolean append(List<byte[]> batch) throws IOException {
        for (byte[] event : batch) {
            if (event == END) {
                lines.close();
                return false;
            }
            lines.append(event);
        }
        lines.flush();
        return true;
    }

    /** Returns when all events are in the file. */
    @Override
    public void close() {
        put(END);
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }
}
