package io.hypernetes.runtime.qemu;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The guest that tests boot, built on first use, and an image of busybox. */
public final class TestGuest {

    private TestGuest() {}

    /** Where vmlinux, initrd and hello.tar are; HYPERNETES_GUEST when that is set. */
    public static synchronized Path directory() throws IOException, InterruptedException {
        String given = System.getenv("HYPERNETES_GUEST");
        if (given != null) {
            return Path.of(given);
        }
        Path here = Path.of("").toAbsolutePath();
        Path root =
                Files.exists(here.resolve("guest/build")) ? here : here.resolve("..").normalize();
        Path out = root.resolve("guest/target");
        run(List.of(root.resolve("guest/build").toString(), out.toString()));
        return out;
    }

    /** A squashfs with busybox, a user "hello" (1000) and its group "extra" (2000). */
    public static Path image(Path directory) throws IOException, InterruptedException {
        Path root = Files.createDirectories(directory.resolve("root"));
        for (String folder : List.of("bin", "etc", "tmp", "www", "home")) {
            Files.createDirectories(root.resolve(folder));
        }
        Path busybox = root.resolve("bin/busybox");
        Files.copy(Path.of("/usr/bin/busybox"), busybox);
        for (String applet : run(List.of("/usr/bin/busybox", "--list")).lines().toList()) {
            Path link = root.resolve("bin").resolve(applet);
            if (!applet.equals("busybox")) {
                Files.createSymbolicLink(link, Path.of("busybox"));
            }
        }
        Files.writeString(
                root.resolve("etc/passwd"),
                "root:x:0:0::/root:/bin/sh\nhello:x:1000:1001::/home:/bin/sh\n");
        Files.writeString(root.resolve("etc/group"), "root:x:0:\nextra:x:2000:a,hello\n");
        Path image = directory.resolve("busybox.sqfs");
        run(List.of("mksquashfs", root.toString(), image.toString(), "-noappend", "-quiet"));
        return image;
    }

    /** A sparse file. */
    static Path blank(Path file, long bytes) throws IOException, InterruptedException {
        run(List.of("truncate", "-s", String.valueOf(bytes), file.toString()));
        return file;
    }

    /** Command lines of all processes that name this directory. */
    public static List<String> processes(Path directory) throws IOException {
        try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
            return all.map(handle -> handle.info().commandLine().orElse(""))
                    .filter(line -> line.contains(directory.toString()))
                    .filter(line -> line.contains(QemuCommand.BINARY))
                    .toList();
        }
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).describedAs("%s: %s", command, text).isZero();
        return text;
    }
}
