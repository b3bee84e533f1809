package io.hypernetes.runtime.cri;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the guest's kernel, initrd and first image are: HYPERNETES_GUEST, or built now. */
final class GuestFolder {

    private GuestFolder() {}

    static Path get() throws IOException, InterruptedException {
        String given = System.getenv("HYPERNETES_GUEST");
        if (given != null) {
            return Path.of(given);
        }
        Path root = Path.of("").toAbsolutePath();
        while (!Files.exists(root.resolve("guest/build"))) {
            root = root.resolve("..").normalize();
        }
        Path out = root.resolve("guest/target");
        Process build =
                new ProcessBuilder(root.resolve("guest/build").toString(), out.toString())
                        .redirectErrorStream(true)
                        .start();
        String output = new String(build.getInputStream().readAllBytes(), UTF_8);
        if (build.waitFor() != 0) {
            throw new IllegalStateException("guest/build failed: " + output);
        }
        return out;
    }
}
