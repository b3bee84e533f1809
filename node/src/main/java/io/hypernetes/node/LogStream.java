package io.hypernetes.node;

import io.hypernetes.api.client.PodAccess.LogOptions;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * A container's log as {@code kubectl logs} wants it: the records of a CRI log file without their
 * heads, from where the options say, and on as it grows, also in the file that takes its place when
 * it is rotated. One thread reads it.
 */
public final class LogStream extends InputStream {

    private static final int BUFFER = 64 * 1024;
    private static final long POLL_MILLIS = 50;
    private static final long ASK_NANOS = 500_000_000L;

    private final Path path;
    private RandomAccessFile file;
    private Object identity;
    private boolean over;
    private long askedAt;
    private boolean renamed;
    private final LogOptions options;
    private final Instant since;
    private final BooleanSupplier ended;
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();
    private final byte[] buffer = new byte[BUFFER];
    private int begin;
    private int end;
    private byte[] ready = new byte[0];
    private int at;
    private long left;
    private boolean lineStart = true;

    /**
     * @param ended whether the container has ended, so that a follower may stop at the end
     */
    public LogStream(Path path, LogOptions options, Instant now, BooleanSupplier ended)
            throws IOException {
        this.options = options;
        this.ended = ended;
        this.since = since(options, now);
        this.left = options.limitBytes().orElse(Long.MAX_VALUE);
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), "r");
        this.identity = identity(path);
        this.over = !options.follow();
        if (options.tailLines().isPresent()) {
            file.seek(startOfTail(options.tailLines().getAsLong()));
        }
    }

    private static Instant since(LogOptions options, Instant now) {
        if (options.sinceSeconds().isPresent()) {
            return now.minusSeconds(options.sinceSeconds().getAsLong());
        }
        return options.sinceTime().isEmpty() ? Instant.EPOCH : Instant.parse(options.sinceTime());
    }

    /**
     * Where the last {@code lines} whole lines begin. Records of one long line count as one line,
     * so this reads the file once, keeping the starts of the last lines.
     */
    private long startOfTail(long lines) throws IOException {
        if (lines <= 0) {
            return file.length();
        }
        Deque<Long> starts = new ArrayDeque<>();
        boolean begins = true;
        long position = 0;
        for (byte[] line = readRecord(); line.length > 0; line = readRecord()) {
            if (begins) {
                starts.addLast(position);
                if (starts.size() > lines) {
                    starts.removeFirst();
                }
            }
            position += line.length + 1;
            begins = !CriLog.parse(line).map(CriLog::partial).orElse(false);
        }
        rest.reset();
        begin = 0;
        end = 0;
        return starts.isEmpty() ? 0 : starts.getFirst();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0; // as InputStream says: never waits
        }
        while (left > 0 && at == ready.length) {
            if (!next()) {
                return -1;
            }
        }
        if (left <= 0) {
            return -1;
        }
        int count = (int) Math.min(Math.min(length, ready.length - at), left);
        System.arraycopy(ready, at, target, offset, count);
        at += count;
        left -= count;
        return count;
    }

    @Override
    public int available() {
        return ready.length - at;
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Makes the next record ready; false at the end. */
    private boolean next() throws IOException {
        while (true) {
            byte[] line = readRecord();
            if (line.length > 0) {
                Optional<CriLog> record = CriLog.parse(line);
                if (record.isPresent() && isWanted(record.get())) {
                    show(record.get());
                    return true;
                }
                continue;
            }
            if (rotated()) {
                continue;
            }
            if (over) {
                return false;
            }
            // What was written before the end is read once more after it is known.
            over = isOver();
            if (!over) {
                pause();
            }
        }
    }

    /** Asking costs the runtime something: not at every look at the file. */
    private boolean isOver() {
        long now = System.nanoTime();
        if (askedAt != 0 && now - askedAt < ASK_NANOS) {
            return false;
        }
        askedAt = now;
        return ended.getAsBoolean();
    }

    /**
     * Goes on in the new file when this one was renamed and has been read to its end. The name is
     * looked at before that end is read for the last time, so nothing is left behind in it.
     */
    private boolean rotated() throws IOException {
        if (renamed) {
            RandomAccessFile next = new RandomAccessFile(path.toFile(), "r");
            file.close();
            file = next;
            identity = identity(path);
            renamed = false;
            return true;
        }
        renamed = options.follow() && Files.exists(path) && !identity(path).equals(identity);
        return renamed;
    }

    private static Object identity(Path path) throws IOException {
        Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path : key;
    }

    private boolean isWanted(CriLog record) {
        boolean source =
                switch (options.source()) {
                    case ALL -> true;
                    case STDOUT -> record.stream().equals("stdout");
                    case STDERR -> record.stream().equals("stderr");
                };
        return source && !record.instant().isBefore(since);
    }

    private void show(CriLog record) {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        if (options.timestamps() && lineStart) {
            shown.writeBytes((record.time() + " ").getBytes(StandardCharsets.UTF_8));
        }
        shown.writeBytes(record.content());
        if (!record.partial()) {
            shown.write('\n');
        }
        lineStart = !record.partial();
        ready = shown.toByteArray();
        at = 0;
    }

    private static void pause() throws InterruptedIOException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while following a log");
        }
    }

    /** The next whole record without its newline; empty when there is none yet. */
    private byte[] readRecord() throws IOException {
        while (true) {
            for (int i = begin; i < end; i++) {
                if (buffer[i] == '\n') {
                    rest.write(buffer, begin, i - begin);
                    begin = i + 1;
                    byte[] line = rest.toByteArray();
                    rest.reset();
                    return line;
                }
            }
            rest.write(buffer, begin, end - begin);
            begin = 0;
            end = Math.max(0, file.read(buffer));
            if (end == 0) {
                return new byte[0];
            }
        }
    }
}
