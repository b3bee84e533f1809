package io.hypernetes.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The installation under test, as a person at a terminal has it. */
final class Cloud {

    /** Long enough for a busy machine without KVM. */
    private static final Duration LONGEST = Duration.ofMinutes(6);

    private static final Path ROOT = Path.of(System.getProperty("hypernetes.root", ".."));

    /** The machine's own kubectl where there is one; else the launcher fetches one. */
    static final List<String> KUBECTL =
            run(List.of("sh", "-c", "command -v kubectl"), Map.of(), "").exit() == 0
                    ? List.of("kubectl")
                    : List.of(ROOT.resolve("hypernetes").toString(), "kubectl");

    /** The one that all classes share. */
    static final Cloud SHARED = new Cloud("hn-e2e");

    private final Path folder;
    private final int port;

    Cloud(String name) {
        try {
            this.folder = Files.createTempDirectory(name);
            this.port = freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::purge, "purge"));
    }

    /** Below those that the kernel gives away: nobody takes it while our program is not there. */
    private static int freePort() throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(20_000, 32_000);
            try (ServerSocket free = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return free.getLocalPort();
            } catch (BindException _) {
                // It is somebody's.
            }
        }
    }

    /** When the tests end before they took it down. */
    private void purge() {
        if (Files.exists(data())) {
            hypernetes("down", "--purge");
        }
        if (Files.exists(folder)) {
            forget();
        }
    }

    /** Removes the folder of this installation, which has been purged. */
    void forget() {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Path data() {
        return folder.resolve("data");
    }

    int port() {
        return port;
    }

    Path file(String name) {
        return folder.resolve(name);
    }

    static Path root() {
        return ROOT;
    }

    /** {@code ./hypernetes ARGUMENTS --data …}. */
    Outcome hypernetes(String... arguments) {
        return hypernetesWithInput("", arguments);
    }

    Outcome hypernetesWithInput(String input, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(ROOT.resolve("hypernetes").toString());
        command.addAll(Arrays.asList(arguments));
        command.addAll(List.of("--data", data().toString()));
        // Nothing here is about how fast a start is: none is recorded after each build, and there
        // are no machines but those of pods.
        return run(
                command, Map.of("HYPERNETES_RECORDING", "none", "HYPERNETES_SPARES", "0"), input);
    }

    /** What the tour runs may do what it likes in its machines, as root. */
    Outcome up() {
        return hypernetes("up", "--port", Integer.toString(port), "--tenant-security", "open");
    }

    /** {@code kill -9} of the program; returns when it is gone. */
    void kill() throws IOException {
        String pid = Files.readString(data().resolve("run/server")).split(" ")[0];
        run(List.of("kill", "-9", pid), Map.of(), "").succeeded();
        await("the end of " + pid, () -> ProcessHandle.of(Long.parseLong(pid)).isEmpty());
    }

    /** kubectl's option for the world of a tenant; {@code *} for those of all. */
    String world(String tenant) {
        return "--server=https://127.0.0.1:" + port + "/tenants/" + tenant;
    }

    /** kubectl as the operator. */
    Outcome kubectl(String... arguments) {
        return kubectl(data().resolve("operator.kubeconfig"), "", arguments);
    }

    /** kubectl as whoever logged in into this file. */
    Outcome kubectl(Path kubeconfig, String input, String... arguments) {
        List<String> command = new ArrayList<>(KUBECTL);
        command.addAll(Arrays.asList(arguments));
        return run(command, Map.of("KUBECONFIG", kubeconfig.toString()), input);
    }

    /** A user's view of the cloud. */
    User user(String name) {
        return new User(this, file(name + ".kubeconfig"));
    }

    /** Makes the user and logs in. */
    User createUser(String name, String tenant, String password) {
        hypernetesWithInput(
                        password, "user", "create", name, "--tenant", tenant, "--password-stdin")
                .succeeded();
        hypernetesWithInput(
                        password,
                        "login",
                        name,
                        "--tenant",
                        tenant,
                        "--password-stdin",
                        "-o",
                        file(name + ".kubeconfig").toString())
                .succeeded();
        return user(name);
    }

    record User(Cloud cloud, Path kubeconfig) {
        Outcome kubectl(String... arguments) {
            return cloud.kubectl(kubeconfig, "", arguments);
        }

        Outcome kubectlWithInput(String input, String... arguments) {
            return cloud.kubectl(kubeconfig, input, arguments);
        }

        Outcome inPod(String namespace, String pod, String line) {
            return kubectl("-n", namespace, "exec", pod, "--", "sh", "-c", line);
        }

        void awaitReady(String namespace, String... pods) {
            for (String pod : pods) {
                kubectl(
                                "-n",
                                namespace,
                                "wait",
                                "pod/" + pod,
                                "--for=condition=Ready",
                                "--timeout=180s")
                        .succeeded();
            }
        }

        String jsonpath(String namespace, String what, String path) {
            return kubectl("-n", namespace, "get", what, "-o", "jsonpath=" + path)
                    .succeeded()
                    .text();
        }
    }

    static Outcome run(List<String> command, Map<String, String> environment, String input) {
        try {
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            Path output = Files.createTempFile("e2e", ".out");
            builder.redirectOutput(output.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            try (var stdin = process.getOutputStream()) {
                stdin.write(input.getBytes(StandardCharsets.UTF_8));
            }
            boolean ended = process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            String said = Files.readString(output);
            Files.delete(output);
            return new Outcome(String.join(" ", command), ended ? process.exitValue() : 124, said);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Waits until something becomes true, for at most a few minutes. */
    static void await(String what, Supplier<Boolean> condition) {
        await(what, Duration.ofMinutes(3), condition);
    }

    static void await(String what, Duration patience, Supplier<Boolean> condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.get()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("not after " + patience + ": " + what);
            }
            try {
                Thread.sleep(200);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
