package io.hypernetes.runtime.log;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Writes one container's log. A record is {@code <time> <stream> <tag> <content>\n}: RFC 3339 with
 * nanoseconds, {@code stdout} or {@code stderr}, {@code F} for the end of a line and {@code P} for
 * a part of one that the next record of the stream goes on with.
 *
 * <p>Every append is written at once, an unfinished line as {@code P}: nothing is held back in
 * memory, so a crash loses nothing that was appended, and a prompt without a line end can be seen.
 *
 * <p>A file that has grown to the limit becomes {@code <name>.1} in place of an older one; a
 * container can not fill the node's disk. Whoever rotates by renaming calls {@link #reopen} after
 * it, as CRI says. All methods are guarded by this.
 */
public final class ContainerLog implements AutoCloseable {

    /** Where bytes come from. */
    public enum Stream {
        STDOUT("stdout"),
        STDERR("stderr");

        private final String word;

        Stream(String word) {
            this.word = word;
        }
    }

    /** The longest content of one record in bytes; longer lines come in parts. */
    public static final int MAX_CONTENT = 16 * 1024;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'")
                    .withZone(ZoneOffset.UTC);

    private final Path file;
    private final long maxBytes;
    private final InstantSource clock;
    private @Nullable OutputStream out;
    private long size;

    /**
     * Appends to a file, which is made (with its folders) at the first record.
     *
     * @param maxBytes size at which the file is moved away
     */
    public ContainerLog(Path file, long maxBytes, InstantSource clock) {
        this.file = file;
        this.maxBytes = maxBytes;
        this.clock = clock;
    }

    /** Writes these bytes as records. */
    public synchronized void append(Stream stream, byte[] bytes) throws IOException {
        byte[] prefix = prefix(stream, clock.instant());
        ByteArrayOutputStream records = new ByteArrayOutputStream(bytes.length + 128);
        int start = 0;
        while (start < bytes.length) {
            int end = start;
            int limit = Math.min(bytes.length, start + MAX_CONTENT);
            while (end < limit && bytes[end] != '\n') {
                end++;
            }
            boolean line = end < bytes.length && bytes[end] == '\n';
            records.writeBytes(prefix);
            records.write(line ? 'F' : 'P');
            records.write(' ');
            records.write(bytes, start, end - start);
            records.write('\n');
            start = line ? end + 1 : end;
        }
        write(records);
    }

    private void write(ByteArrayOutputStream records) throws IOException {
        if (records.size() == 0) {
            return;
        }
        if (out != null && size + records.size() > maxBytes) {
            close();
            Files.move(
                    file,
                    file.resolveSibling(file.getFileName() + ".1"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        records.writeTo(open());
        size += records.size();
    }

    private OutputStream open() throws IOException {
        OutputStream current = out;
        if (current == null) {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null) {
                Files.createDirectories(folder);
            }
            current =
                    Files.newOutputStream(
                            file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            size = Files.size(file);
            out = current;
        }
        return current;
    }

    /** Goes on in a new file when somebody has moved this one; makes it when it is not there. */
    public synchronized void reopen() throws IOException {
        close();
        OutputStream unused = open();
    }

    /** A later append opens the file again. */
    @Override
    public synchronized void close() throws IOException {
        OutputStream current = out;
        out = null;
        if (current != null) {
            current.close();
        }
    }

    private static byte[] prefix(Stream stream, Instant at) {
        return (TIME.format(at) + " " + stream.word + " ").getBytes(US_ASCII);
    }
}
