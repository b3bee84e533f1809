package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A client's program as one user in one namespace: kubectl or helm.
 *
 * @param folder of its own: for the kubeconfig, caches and outputs
 */
record Program(Path binary, Path folder, List<String> always, Map<String, String> environment) {

    /** What it said, and how it ended. */
    record Run(int exit, String out, String err) {}

    static Program of(Path binary, Space space, String kubeconfig) {
        try {
            Path folder = Files.createTempDirectory(Binaries.folder(), "run");
            Path config = Files.writeString(folder.resolve("kubeconfig"), kubeconfig);
            return new Program(
                    binary,
                    folder,
                    List.of("--kubeconfig=" + config, "--namespace=" + space.namespace()),
                    Map.of(
                            "HOME", folder.toString(),
                            "KUBECACHEDIR", folder.resolve("cache").toString(),
                            "XDG_CACHE_HOME", folder.resolve("cache").toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Program with(Map<String, String> more) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(more);
        return new Program(binary, folder, always, all);
    }

    Run run(String input, String... arguments) {
        List<String> command = new ArrayList<>(List.of(binary.toString()));
        command.addAll(List.of(arguments));
        // Before "--", behind which arguments are another program's.
        int end = command.indexOf("--");
        command.addAll(end < 0 ? command.size() : end, always);
        try {
            Path out = Files.createTempFile(folder, "out", "");
            Path err = Files.createTempFile(folder, "err", "");
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectOutput(out.toFile())
                            .redirectError(err.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                // It did not want to read.
            }
            if (!process.waitFor(180, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " does not end: " + Files.readString(err));
            }
            return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** What it printed, when it succeeds. */
    String ok(String... arguments) {
        return given("", arguments);
    }

    String given(String input, String... arguments) {
        Run run = run(input, arguments);
        assertThat(run.exit()).as(String.join(" ", arguments) + "\n" + run.err()).isZero();
        return run.out();
    }

    /** What it complained of, when it fails. */
    String fails(String... arguments) {
        Run run = run("", arguments);
        assertThat(run.exit()).as(String.join(" ", arguments) + "\n" + run.out()).isNotZero();
        return run.err();
    }

    /** A file with this text. */
    String file(String name, String text) {
        try {
            return Files.writeString(folder.resolve(name), text).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
