package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What an engineer does with a pod that runs, by kubectl: copy, attach, a terminal, top, debug,
 * forward, logs; and what its operator does beside it, by {@code hypernetes cri}. One machine.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PodToolsIT {
    private static final String ACME = "acme";
    private static final Pattern PORT = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");

    private static final String POD =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: tools}
            spec:
              terminationGracePeriodSeconds: 1
              volumes: [{name: kept, emptyDir: {}}]
              containers:
              - name: web
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
              - name: shell
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                stdin: true
                tty: true
                command: [sh, -c, "while read line; do echo got $line; done"]
              - name: again
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command:
                - sh
                - -c
                - "if [ -e /kept/once ]; then while :; do echo tick; sleep 0.5; done; fi; touch /kept/once; echo first; exit 1"
                volumeMounts: [{name: kept, mountPath: /kept}]
            """;

    private NodeCloud cloud;

    @BeforeAll
    void start() throws Exception {
        cloud = NodeCloud.get();
        cloud.apply(ACME, POD);
        cloud.awaitReady(ACME, "tools");
    }

    @AfterAll
    void remove() {
        cloud.kubectl(ACME, "delete", "pod", "tools", "copy", "--now", "--ignore-not-found")
                .succeeded();
    }

    /** A command line of kubectl's under a terminal of its own, of 41 rows and 111 columns. */
    private final class Terminal implements AutoCloseable {
        private final Path output;
        private final Process process;

        Terminal(String name, String before, String... arguments) throws IOException {
            output = cloud.file("terminal-" + name);
            String kubectl = "kubectl --kubeconfig " + cloud.file(ACME);
            String line = String.join(" ", arguments);
            process =
                    new ProcessBuilder(
                                    "script",
                                    "-qec",
                                    "stty rows 41 cols 111; " + before + kubectl + " " + line,
                                    "/dev/null")
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
        }

        void type(String text) throws IOException {
            process.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        }

        void await(String text) {
            cloud.await(
                    text + " on the terminal " + output,
                    () -> {
                        try {
                            return Files.readString(output).contains(text);
                        } catch (IOException _) {
                            return false;
                        }
                    });
        }

        /** What runs in it ends with its terminal. */
        @Override
        public void close() {
            process.descendants().forEach(ProcessHandle::destroy);
            process.destroy();
        }
    }

    @Test
    void filesAreCopiedBothWays() throws IOException {
        Path here = Files.createDirectories(cloud.file("copied"));
        String text = "a line\n".repeat(40_000);
        Files.writeString(here.resolve("large"), text);
        cloud.kubectl(ACME, "cp", here.toString(), "tools:/tmp/there", "-c", "web").succeeded();
        assertThat(cloud.exec(ACME, "tools", "web", "wc -c < /tmp/there/large").text())
                .isEqualTo(Integer.toString(text.length()));
        Path back = cloud.file("back");
        cloud.kubectl(ACME, "cp", "tools:/tmp/there/large", back.toString(), "-c", "web")
                .succeeded();
        assertThat(Files.readString(back).equals(text)).as("what came back").isTrue();
    }

    @Test
    void aTerminalHasItsSizeAndIsResized() throws IOException {
        Path go = cloud.file("go");
        String resize =
                "(until [ -e "
                        + go
                        + " ]; do sleep 0.2; done; stty -F /dev/tty rows 50 cols 120) & ";
        String inside =
                "'until stty size | grep -q \"41 111\"; do sleep 0.1; done; stty size; until stty"
                        + " size | grep -q \"50 120\"; do sleep 0.1; done; echo resized'";
        try (Terminal terminal =
                new Terminal("exec", resize, "exec -it tools -c web -- sh -c", inside)) {
            terminal.await("41 111");
            Files.createFile(go);
            terminal.await("resized");
        }
    }

    @Test
    void whoAttachesTalksToTheProcessItself() throws IOException {
        try (Terminal terminal = new Terminal("attach", "", "attach -it tools -c shell")) {
            terminal.type("hello\n");
            terminal.await("got hello");
        }
    }

    @Test
    void whatItUsesIsShown() {
        cloud.await(
                "the pod's use",
                () -> cloud.kubectl(ACME, "top", "pod", "tools").output().contains("Mi"));
        assertThat(cloud.kubectl(ACME, "top", "pod", "tools", "--containers").text())
                .contains("web")
                .contains("again");
        assertThat(cloud.kubectl("operator", "top", "node").text()).contains("node");
    }

    @Test
    void aCopyOfThePodIsDebugged() {
        cloud.kubectl(
                        ACME,
                        "debug",
                        "tools",
                        "--copy-to=copy",
                        "--container=again",
                        "--",
                        "sleep",
                        "100000")
                .succeeded();
        cloud.awaitReady(ACME, "copy");
        assertThat(cloud.exec(ACME, "copy", "again", "ls -A /kept").text()).isEmpty();
    }

    @Test
    void aPortIsForwarded() throws Exception {
        List<String> command = new ArrayList<>(List.of("kubectl", "--kubeconfig"));
        command.addAll(List.of(cloud.file(ACME).toString(), "port-forward", "pod/tools", ":8080"));
        assertThat(answerThrough(command, cloud.file("forward"))).isEqualTo(200);
    }

    /** The status that a port's server answers with, through a program that forwards it. */
    private int answerThrough(List<String> command, Path output) throws Exception {
        Process forward =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try (HttpClient http = HttpClient.newHttpClient()) {
            cloud.await("the port", () -> port(output) > 0);
            HttpRequest request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(output) + "/"))
                            .timeout(Duration.ofMinutes(2))
                            .build();
            return http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode();
        } finally {
            forward.destroy();
        }
    }

    private static int port(Path output) {
        try {
            Matcher matcher = PORT.matcher(Files.readString(output));
            return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
        } catch (IOException _) {
            return 0;
        }
    }

    @Test
    void logsOfBeforeOfLateAndOfNow() {
        cloud.await(
                "the second run; " + cloud.events(ACME, "tools"),
                () ->
                        cloud.kubectl(ACME, "logs", "tools", "-c", "again", "--tail=1")
                                .output()
                                .startsWith("tick"));
        assertThat(cloud.kubectl(ACME, "logs", "tools", "-c", "again", "--previous").text())
                .isEqualTo("first");
        NodeCloud.Run follow =
                NodeCloud.run(
                        "",
                        List.of(
                                "timeout",
                                "5",
                                "kubectl",
                                "--kubeconfig",
                                cloud.file(ACME).toString(),
                                "logs",
                                "-f",
                                "--since=10m",
                                "--tail=1",
                                "tools",
                                "-c",
                                "again"));
        assertThat(follow.exit()).as("it was ended while it followed").isEqualTo(124);
    }

    private List<String> criCommand(String... arguments) {
        List<String> command = new ArrayList<>(Commands.program("cri"));
        command.addAll(List.of(arguments));
        command.add(2 + command.indexOf("cri"), "--data");
        command.add(3 + command.indexOf("cri"), cloud.data().toString());
        return command;
    }

    private NodeCloud.Run cri(String... arguments) {
        return NodeCloud.run("", criCommand(arguments));
    }

    /** Of this pod's container with this name, as crictl shows it. */
    private String container(String name) {
        String list = cri("ps", "-q", "--name", "^" + name + "$").text();
        return list.lines().reduce((_, last) -> last).orElseThrow().strip();
    }

    @Test
    void theOperatorLooksAtTheRuntimeItself() {
        String list = cri("ps", "--name", "^web$", "--label", "hypernetes.io/tenant=acme").text();
        assertThat(list).contains("CONTAINER  ").contains("POD ID  ").contains("NAMESPACE");
        String line = list.lines().filter(one -> one.contains(" tools ")).findFirst().orElseThrow();
        assertThat(line).contains("hypernetes/hello").contains(" Running ").contains(" web ");
        String id = line.substring(0, line.indexOf(' '));
        assertThat(id).hasSize(13);
        NodeCloud.Run exec = cri("exec", id, "sh", "-c", "hostname; exit 3");
        assertThat(exec.exit()).isEqualTo(3);
        assertThat(exec.output()).contains("tools");
        String inspected = cri("inspect", id).text();
        JsonNode status =
                JsonMapper.shared()
                        .readTree(inspected.substring(inspected.indexOf('{')))
                        .path("status");
        assertThat(status.at("/metadata/name").asString()).isEqualTo("web");
        assertThat(status.path("state").asString()).isEqualTo("CONTAINER_RUNNING");
        assertThat(status.path("createdAt").asString()).matches("20.*Z");
        assertThat(cri("logs", "--tail", "1", id).text()).contains("serves http");
    }

    /** By the addresses that CRI's Exec, Attach and PortForward answer with. */
    @Test
    void theRuntimesStreamsAreReachedAtTheirAddresses() throws Exception {
        String web = container("web");
        NodeCloud.Run exec =
                NodeCloud.run("typed\n", criCommand("exec", "-i", web, "sh", "-c", "cat; exit 4"));
        assertThat(exec.output()).contains("typed");
        assertThat(exec.exit()).isEqualTo(4);
        assertThat(cri("exec", "--sync", web, "hostname").text()).contains("tools");

        List<String> attach = new ArrayList<>(List.of("timeout", "20"));
        attach.addAll(criCommand("attach", "-i", container("shell")));
        assertThat(NodeCloud.run("by address\n", attach).output()).contains("got by address");

        String pod = cri("pods", "-q", "--name", "^tools$").text().strip();
        assertThat(answerThrough(criCommand("port-forward", pod, ":8080"), cloud.file("cri-port")))
                .isEqualTo(200);
    }

    @Test
    void theOtherWordsOfCrictlAnswerToo() {
        String pod = cri("pods", "-q", "--name", "^tools$").text().strip();
        assertThat(cri("pods").text()).contains("POD ID").contains("tools").contains("Ready");
        assertThat(cri("inspectp", pod).text()).contains("SANDBOX_READY").contains("tools");
        assertThat(cri("images").text()).contains("IMAGE").contains("hypernetes/hello");
        assertThat(cri("inspecti", "hypernetes/hello").text()).contains("repoTags");
        assertThat(cri("stats").text()).contains("CPU").contains("MEM");
        assertThat(cri("info").text()).contains("RuntimeReady").contains("NetworkReady");
        assertThat(cri("version").text()).contains("hyper");
        assertThat(cri("imagefsinfo").text()).contains("usedBytes");
        NodeCloud.Run nothing = cri("stop", "nosuch");
        assertThat(nothing.exit()).isNotZero();
        assertThat(nothing.output()).contains("no container with an id that begins with 'nosuch'");
    }
}
