package io.hypernetes.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

class ScratchTest {

    /** A measurement that somebody loses patience with. */
    static final class Unfinished {

        private Unfinished() {}

        public static void main(String[] arguments) throws IOException, InterruptedException {
            Path home = Path.of(arguments[0]);
            Path folder = Scratch.folder(home, "long");
            Files.createFile(folder.resolve("data"));
            Scratch.closing(() -> Files.writeString(home.resolve("first"), "made first"));
            Scratch.closing(() -> Files.writeString(home.resolve("last"), "" + left(home)));
            Scratch.closing(() -> {
                throw new IOException("no matter");
            });
            System.out.println("begun");
            Thread.sleep(Long.MAX_VALUE);
        }

        /** Whether that is still to be closed, and the folder is there. */
        private static boolean left(Path home) throws IOException {
            try (var files = Files.list(home.resolve("target"))) {
                return files.count() == 1 && Files.notExists(home.resolve("first"));
            }
        }
    }

    @Test
    void aSignalLeavesNothingBehind(@TempDir Path home) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Unfinished.class.getName(),
                                home.toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        assertThat(process.inputReader().readLine()).isEqualTo("begun");
        process.destroy();
        process.waitFor();
        assertThat(home.resolve("first")).hasContent("made first");
        assertThat(home.resolve("last")).hasContent("true");
        assertThat(home.resolve("target")).isEmptyDirectory();
    }
}
