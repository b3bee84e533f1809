package io.hypernetes.runtime.image;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Makes a squashfs from a flattened image by {@code sqfstar} (squashfs-tools 4.5 or later), fed
 * through a pipe. LZ4 because the guest unpacks it with the fewest instructions, which is what
 * counts when they are emulated; the same image always gives the same bytes.
 */
final class SquashFile {

    private static final int MAX_MESSAGE = 2000;

    private SquashFile() {}

    /** Writes {@code file}, which must not exist; on failure it may be left incomplete. */
    static void build(Flattener image, Path file) throws IOException, InterruptedException {
        Path messages = file.resolveSibling(file.getFileName() + ".log");
        TarEntry root = image.root();
        Process sqfstar =
                new ProcessBuilder(
                                List.of(
                                        "sqfstar",
                                        "-comp",
                                        "lz4",
                                        "-no-progress",
                                        "-quiet",
                                        "-exit-on-error",
                                        "-mkfs-time",
                                        "0",
                                        "-root-time",
                                        Long.toString(Math.max(0, root.modified())),
                                        "-root-mode",
                                        Integer.toOctalString(root.mode()),
                                        "-root-uid",
                                        Long.toString(root.uid()),
                                        "-root-gid",
                                        Long.toString(root.gid()),
                                        file.toString()))
                        .redirectErrorStream(true)
                        .redirectOutput(messages.toFile())
                        .start();
        try {
            feed(image, sqfstar, messages);
        } finally {
            sqfstar.destroyForcibly();
            Files.deleteIfExists(messages);
        }
    }

    private static void feed(Flattener image, Process sqfstar, Path messages)
            throws IOException, InterruptedException {
        IOException broken = null;
        try (OutputStream out = new BufferedOutputStream(sqfstar.getOutputStream(), 1 << 16)) {
            image.write(new TarWriter(out));
        } catch (IOException e) {
            broken = e; // most often the pipe: then sqfstar's own words say more
        }
        if (broken != null && !sqfstar.waitFor(2, TimeUnit.SECONDS)) {
            throw broken;
        }
        if (sqfstar.waitFor() != 0 || broken != null) {
            throw new IOException("sqfstar failed: " + tail(messages), broken);
        }
    }

    private static String tail(Path messages) throws IOException {
        String text = Files.readString(messages, StandardCharsets.ISO_8859_1).strip();
        return text.substring(Math.max(0, text.length() - MAX_MESSAGE));
    }
}
