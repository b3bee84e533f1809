package io.hypernetes.server.audit;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.json.Json;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What tenants may read of their requests, as lines of JSON that a start reads again. A file that
 * has grown is written anew of what is still remembered: each tenant keeps its own share, however
 * much another does. One thread writes; events that the disk cannot follow are left out of the file
 * and stay in memory.
 */
final class TenantAuditFile implements AuditLog {
    private static final Logger LOG = LoggerFactory.getLogger(TenantAuditFile.class);
    private static final String TENANT = "hypernetes.io/tenant";
    private static final long MOST_BYTES = 128L << 20;

    private final Path file;
    private final Supplier<List<byte[]>> remembered;
    private final EventWriter writer;

    /** Used by the writer alone, like {@code size}. */
    private OutputStream out;

    private long size;

    /** An event that was kept. */
    record Line(String tenant, Instant at, byte[] event) {}

    /**
     * @param remembered what a file that is written anew has in it
     */
    TenantAuditFile(Path file, Supplier<List<byte[]>> remembered) throws IOException {
        this.file = file;
        this.remembered = remembered;
        Files.createDirectories(file.toAbsolutePath().getParent());
        this.out = renewed();
        this.writer = new EventWriter("tenants-audit", file, new Remembered());
    }

    /** Shows what is there; a line that a kill cut off is left out. */
    static void read(Path file, Consumer<Line> visitor) throws IOException {
        if (!Files.exists(file)) {
            return;
        }
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            lines.forEach(text -> {
                byte[] event = text.getBytes(StandardCharsets.ISO_8859_1);
                try {
                    ObjectNode tree = Json.parseObject(event);
                    visitor.accept(
                            new Line(
                                    tree.path("annotations").path(TENANT).asString(""),
                                    Instant.parse(tree.path("stageTimestamp").asString("")),
                                    event));
                } catch (ApiException | DateTimeParseException | IllegalArgumentException e) {
                    LOG.info("{}: a line is left out: {}", file, e.getMessage());
                }
            });
        }
    }

    /** What is remembered, in the place of what was there. */
    private OutputStream renewed() throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(
                fresh,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        size = 0;
        try (OutputStream all = new BufferedOutputStream(Files.newOutputStream(fresh))) {
            for (byte[] event : remembered.get()) {
                append(all, event);
            }
        }
        Files.move(fresh, file, StandardCopyOption.REPLACE_EXISTING);
        return new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.APPEND));
    }

    private void append(OutputStream to, byte[] event) throws IOException {
        to.write(event);
        to.write('\n');
        size += event.length + 1L;
    }

    @Override
    public void write(byte[] event) {
        if (!writer.offer(event)) {
            LOG.debug("{}: the disk does not follow, an event is left out", file);
        }
    }

    private final class Remembered implements EventWriter.Lines {
        @Override
        public void append(byte[] event) throws IOException {
            TenantAuditFile.this.append(out, event);
        }

        @Override
        public void flush() throws IOException {
            out.flush();
            if (size > MOST_BYTES) {
                out.close();
                out = renewed();
            }
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }

    /** Returns when all events are in the file. */
    @Override
    public void close() {
        writer.close();
    }
}
