package io.hypernetes.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The real kubectl, over WebSockets and over SPDY, against pods that are processes. Another kubectl
 * than the one on PATH is tested by {@code -Dkubectl=FILE}.
 */
class StreamingIT {
    private static final String POD =
            """
            {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"},
             "spec": {"containers": [{"name": "c", "image": "x", "stdin": true}]},
             "status": {"phase": "Running"}}
            """;

    @TempDir static Path folder;

    private static final ProcessPods PODS = new ProcessPods();
    private static TestServer server;
    private static HttpServer behind;
    private static Path alice;

    @BeforeAll
    static void start() throws IOException {
        server = new TestServer(PODS);
        alice = server.kubeconfig(folder, TestServer.ALICE, "");
        String pods = "/api/v1/namespaces/default/pods";
        assertThat(server.send(TestServer.ALICE, "POST", pods, POD).statusCode()).isEqualTo(201);
        server.send(
                TestServer.ALICE,
                "PATCH",
                pods + "/web/status",
                "{\"status\": {\"phase\": \"Running\"}}",
                "application/merge-patch+json");
        behind = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        behind.createContext(
                "/",
                exchange -> {
                    byte[] body = exchange.getRequestBody().readAllBytes();
                    exchange.sendResponseHeaders(200, body.length == 0 ? -1 : body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        behind.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        behind.start();
        PODS.ports.put(80, behind.getAddress().getPort());
    }

    @AfterAll
    static void stop() {
        behind.stop(0);
        server.close();
    }

    private static ProcessBuilder kubectl(String transport, String... arguments) {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                System.getProperty("kubectl", "kubectl"),
                                "--kubeconfig",
                                alice.toString(),
                                "--cache-dir=" + folder.resolve("cache")));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        String sockets = Boolean.toString(transport.equals("websocket"));
        builder.environment().put("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", sockets);
        builder.environment().put("KUBECTL_PORT_FORWARD_WEBSOCKETS", sockets);
        return builder;
    }

    private record Run(int exit, byte[] out, String err) {
        String text() {
            return new String(out, StandardCharsets.UTF_8);
        }
    }

    private static Run run(String transport, byte[] input, String... arguments)
            throws IOException, InterruptedException {
        File in = Files.write(Files.createTempFile(folder, "in", ""), input).toFile();
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        Process process =
                kubectl(transport, arguments)
                        .redirectInput(in)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("kubectl does not end: " + Files.readString(err));
        }
        return new Run(process.exitValue(), Files.readAllBytes(out), Files.readString(err));
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "spdy"})
    void theExitCodeAndBothOutputsArrive(String transport) throws Exception {
        Run run =
                run(
                        transport,
                        new byte[0],
                        "exec",
                        "web",
                        "--",
                        "sh",
                        "-c",
                        "echo out; echo err >&2; exit 42");
        assertThat(run.err()).contains("err").contains("exit code 42");
        assertThat(run.text()).isEqualTo("out\n");
        assertThat(run.exit()).isEqualTo(42);
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "spdy"})
    void megabytesGoThroughAPipeAndBack(String transport) throws Exception {
        byte[] content = new byte[5_000_000];
        new Random(7).nextBytes(content);
        Run run = run(transport, content, "exec", "-i", "web", "--", "cat");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "spdy"})
    void aProcessThatReadsNothingMoreStillTellsItsEnd(String transport) throws Exception {
        byte[] content = new byte[3_000_000];
        Run run =
                run(
                        transport,
                        content,
                        "exec",
                        "-i",
                        "web",
                        "--",
                        "sh",
                        "-c",
                        "head -c 10 >/dev/null; echo enough; exit 3");
        assertThat(run.text()).isEqualTo("enough\n");
        assertThat(run.exit()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "spdy"})
    void aTerminalHasASize(String transport) throws Exception {
        PODS.sizes.clear();
        // script gives kubectl the terminal that -t wants
        String line =
                String.join(" ", kubectl(transport, "exec", "-it", "web", "--", "tty").command());
        ProcessBuilder builder = kubectl(transport);
        builder.command("script", "-qefc", "stty cols 91 rows 33; " + line, "/dev/null");
        builder.redirectErrorStream(true);
        Process process = builder.start();
        String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(shown).contains("/dev/pts/");
        assertThat(PODS.sizes)
                .contains(new io.hypernetes.api.client.PodAccess.TerminalSize(91, 33));
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "spdy"})
    void attachIsJoinedToTheContainersOwnProcess(String transport) throws Exception {
        Run run = run(transport, "typed\n".getBytes(StandardCharsets.UTF_8), "attach", "-i", "web");
        assertThat(run.text()).contains("typed\n");
        assertThat(run.exit()).as(run.err()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "spdy"})
    void filesAreCopiedInAndOut(String transport) throws Exception {
        Path source = Files.createDirectories(folder.resolve("source-" + transport));
        byte[] content = new byte[1_500_000];
        new Random(3).nextBytes(content);
        Files.write(source.resolve("data"), content);
        Path there = folder.resolve("there-" + transport);
        Path back = folder.resolve("back-" + transport);
        Run in = run(transport, new byte[0], "cp", source.toString(), "web:" + there);
        assertThat(in.exit()).as(in.err()).isZero();
        assertThat(Files.readAllBytes(there.resolve("data"))).isEqualTo(content);
        Run out = run(transport, new byte[0], "cp", "web:" + there, back.toString());
        assertThat(out.exit()).as(out.err()).isZero();
        assertThat(Files.readAllBytes(back.resolve("data"))).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "spdy"})
    void aClientThatGoesEndsTheProcess(String transport) throws Exception {
        Process process = kubectl(transport, "exec", "-i", "web", "--", "sleep", "1000").start();
        await(() -> sleeping() == 1, "the process to start");
        process.destroyForcibly().waitFor();
        await(() -> sleeping() == 0, "the process to end");
    }

    private static long sleeping() {
        return PODS.running.stream()
                .filter(p -> p.info().commandLine().orElse("").contains("sleep 1000"))
                .filter(Process::isAlive)
                .count();
    }

    private interface Condition {
        boolean holds() throws Exception;
    }

    private static void await(Condition condition, String what) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (!condition.holds()) {
            assertThat(System.nanoTime()).as("waited in vain for " + what).isLessThan(end);
            Thread.sleep(20);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "spdy"})
    void forwardedPortsCarryParallelConnections(String transport) throws Exception {
        Process process =
                kubectl(transport, "port-forward", "pod/web", ":80")
                        .redirectError(folder.resolve("forward-" + transport).toFile())
                        .start();
        try (BufferedReader lines =
                        new BufferedReader(
                                new InputStreamReader(
                                        process.getInputStream(), StandardCharsets.UTF_8));
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            String line = lines.readLine();
            assertThat(line).startsWith("Forwarding from 127.0.0.1:");
            String port = line.replaceAll(".*127.0.0.1:(\\d+) .*", "$1");
            List<Future<Boolean>> answers = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                byte[] content = new byte[100_000 * (i + 1)];
                new Random(i).nextBytes(content);
                answers.add(clients.submit(() -> Arrays.equals(echoed(port, content), content)));
            }
            for (Future<Boolean> answer : answers) {
                assertThat(answer.get(60, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            process.destroy();
            process.waitFor();
        }
        assertThat(Files.readString(folder.resolve("forward-" + transport)))
                .doesNotContain("error");
    }

    private static byte[] echoed(String port, byte[] content) throws IOException {
        java.net.HttpURLConnection connection =
                (java.net.HttpURLConnection)
                        URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection();
        connection.setDoOutput(true);
        connection.getOutputStream().write(content);
        try (InputStream in = connection.getInputStream()) {
            return in.readAllBytes();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"websocket", "spdy"})
    void aPortThatNobodyListensOnIsToldOf(String transport) throws Exception {
        Path errors = folder.resolve("refused-" + transport);
        Process process =
                kubectl(transport, "port-forward", "pod/web", ":81")
                        .redirectError(errors.toFile())
                        .start();
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String port = lines.readLine().replaceAll(".*127.0.0.1:(\\d+) .*", "$1");
            try {
                echoed(port, new byte[] {1});
            } catch (IOException expected) {
                // the connection ends without an answer
            }
            await(() -> Files.readString(errors).contains("refused"), "the error");
        } finally {
            process.destroy();
            process.waitFor();
        }
    }
}
