package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The operator's own pods on a real containerd: what a pod may expect of a kubelet, that tenants do
 * not see it, and that nothing is left.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ContainerdIT {

    private static final String OPERATOR = "operator";

    private static final String POD =
            """
            apiVersion: v1
            kind: ConfigMap
            metadata: {name: host-settings}
            data: {colour: blue, mood: good}
            ---
            apiVersion: v1
            kind: Secret
            metadata: {name: host-secret}
            stringData: {word: sesame}
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: host}
            spec:
              runtimeClassName: containerd
              hostNetwork: true
              terminationGracePeriodSeconds: 1
              volumes:
              - {name: settings, configMap: {name: host-settings}}
              - {name: secret, secret: {secretName: host-secret, defaultMode: 256}}
              - {name: shared, emptyDir: {}}
              - {name: node, hostPath: {path: "%s", type: DirectoryOrCreate}}
              initContainers:
              - name: first
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "echo first > /shared/log"]
                volumeMounts: [{name: shared, mountPath: /shared}]
              containers:
              - name: web
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                env: [{name: PORT, value: "%d"}]
                command: [sh, -c, "echo serving; trap 'exit 0' TERM; httpd -f -p 127.0.0.1:$PORT -h /www & wait $!"]
                readinessProbe: {exec: {command: [grep, blue, /settings/colour]}, periodSeconds: 1}
                startupProbe: {tcpSocket: {port: %2$d}, periodSeconds: 1, failureThreshold: 60}
                livenessProbe: {httpGet: {path: /cgi-bin/index.cgi, port: %2$d}, periodSeconds: 2, timeoutSeconds: 5}
                volumeMounts:
                - {name: settings, mountPath: /settings}
                - {name: secret, mountPath: /secret}
                - {name: shared, mountPath: /shared}
                - {name: node, mountPath: /node}
                - {name: shared, mountPath: /part, subPath: part}
              - name: again
                image: hypernetes/hello
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "test -e /shared/once && exec sleep 100000; touch /shared/once; echo last words > /dev/termination-log; exit 3"]
                volumeMounts: [{name: shared, mountPath: /shared}]
            """;

    private NodeCloud cloud;
    private ContainerdService containerd;
    private Path node;
    private int port;

    @BeforeAll
    void start() throws Exception {
        cloud = NodeCloud.get();
        containerd = ContainerdService.of(cloud);
        node = cloud.file("of-the-node");
        port = freePort();
        cloud.apply(OPERATOR, POD.formatted(node, port));
        cloud.awaitReady(OPERATOR, "host");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @AfterAll
    void stop() throws Exception {
        try {
            itGoesWithAllThatItHad();
        } finally {
            containerd.close();
        }
    }

    private void itGoesWithAllThatItHad() throws IOException {
        cloud.kubectl(OPERATOR, "delete", "pod", "host", "--now").succeeded();
        cloud.kubectl(OPERATOR, "delete", "cm/host-settings", "secret/host-secret").succeeded();
        assertThat(containerd.ctr("containers", "ls", "-q")).isEmpty();
        assertThat(containerd.ctr("tasks", "ls", "-q")).isEmpty();
        assertThat(cloud.data().resolve("pods")).isEmptyDirectory();
        assertThat(Files.readString(Path.of("/proc/self/mounts")))
                .doesNotContain(cloud.data().resolve("containerd").toString());
    }

    private NodeCloud.Run inside(String line) {
        return cloud.exec(OPERATOR, "host", "web", line);
    }

    private JsonNode status(String container) {
        for (JsonNode status :
                cloud.get(OPERATOR, "pod", "host").path("status").path("containerStatuses")) {
            if (status.path("name").asString().equals(container)) {
                return status;
            }
        }
        throw new AssertionError("no status of " + container);
    }

    @Test
    void itIsProcessesOfThisMachine() {
        JsonNode status = cloud.get(OPERATOR, "pod", "host").path("status");
        assertThat(status.path("podIP")).isEqualTo(status.path("hostIP"));
        String id = status("web").path("containerID").asString();
        assertThat(id).startsWith("containerd://");
        assertThat(containerd.ctr("tasks", "ls", "-q")).contains(id.substring(13));
        assertThat(inside("uname -r").text()).isEqualTo(System.getProperty("os.version"));
        assertThat(inside("cat /proc/sys/kernel/hostname").text())
                .isEqualTo(NodeCloud.run("", List.of("hostname")).text());
    }

    @Test
    void itsVolumesAreFoldersOfTheNode() throws IOException {
        assertThat(inside("cat /settings/colour /shared/log /secret/word").text())
                .isEqualTo("bluefirst\nsesame");
        assertThat(inside("echo no > /settings/colour").exit()).isNotZero();
        assertThat(inside("stat -L -c %a /secret/word; stat -c %a /shared").text())
                .isEqualTo("400\n777");
        inside("echo from inside > /node/file; echo deep > /part/file").succeeded();
        assertThat(node.resolve("file")).hasContent("from inside");
        assertThat(inside("cat /shared/part/file").text()).isEqualTo("deep");
    }

    @Test
    void commandsHaveTheirInputOutputAndEnd() {
        assertThat(inside("echo out; exit 7").exit()).isEqualTo(7);
        assertThat(
                        cloud.kubectlWithInput(
                                        "one\ntwo\n",
                                        OPERATOR,
                                        "exec",
                                        "-i",
                                        "host",
                                        "-c",
                                        "web",
                                        "--",
                                        "wc",
                                        "-l")
                                .text())
                .isEqualTo("2");
        assertThat(cloud.kubectl(OPERATOR, "logs", "host", "-c", "web").text()).contains("serving");
    }

    @Test
    void aTerminalHasItsSize() {
        String command =
                "stty cols 97 rows 31; kubectl --kubeconfig %s exec -it host -c web -- sh -c 'sleep 2; stty size; exit 5'"
                        .formatted(cloud.file(OPERATOR));
        NodeCloud.Run run = NodeCloud.run("", List.of("script", "-qec", command, "/dev/null"));
        assertThat(run.output()).contains("31 97");
        assertThat(run.exit()).isEqualTo(5);
    }

    @Test
    void aPortIsForwarded() throws Exception {
        Path output = cloud.file("host-forward");
        Process forward =
                new ProcessBuilder(
                                "kubectl",
                                "--kubeconfig",
                                cloud.file(OPERATOR).toString(),
                                "port-forward",
                                "pod/host",
                                ":" + port)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start();
        try (HttpClient http = HttpClient.newHttpClient()) {
            Pattern address = Pattern.compile("127\\.0\\.0\\.1:(\\d+)");
            cloud.await("the port", () -> address.matcher(text(output)).find());
            Matcher found = address.matcher(text(output));
            assertThat(found.find()).isTrue();
            URI page = URI.create("http://127.0.0.1:" + found.group(1) + "/cgi-bin/index.cgi");
            HttpRequest request = HttpRequest.newBuilder(page).timeout(NodeCloud.PATIENCE).build();
            assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).body())
                    .contains("Hello from");
        } finally {
            forward.destroy();
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatItUsesIsKnown() {
        cloud.await(
                "its usage",
                () -> cloud.kubectl(OPERATOR, "top", "pod", "host").output().contains("Mi"));
    }

    @Test
    void changedSettingsArrive() {
        assertThat(inside("cat /settings/mood").text()).isEqualTo("good");
        String better = "{\"data\":{\"mood\":\"better\"}}";
        cloud.kubectl(OPERATOR, "patch", "configmap", "host-settings", "-p", better).succeeded();
        cloud.await("the change", () -> inside("cat /settings/mood").text().equals("better"));
    }

    /** Restarted by its policy, with what it left of the run before. */
    @Test
    void aContainerThatFailsIsStartedAgain() {
        cloud.await(
                "the second run",
                () ->
                        status("again").path("restartCount").asInt() == 1
                                && status("again").path("state").has("running"));
        JsonNode last = status("again").path("lastState").path("terminated");
        assertThat(last.path("exitCode").asInt()).isEqualTo(3);
        assertThat(last.path("reason").asString()).isEqualTo("Error");
        assertThat(last.path("message").asString()).isEqualTo("last words\n");
        assertThat(last.path("containerID").asString()).startsWith("containerd://");
    }

    /** Its shims keep what runs, and the node agent finds it again. */
    @Test
    void theDeathOfContainerdEndsNothing() throws Exception {
        String before = status("web").path("containerID").asString();
        containerd.kill();
        containerd.startAgain();
        cloud.await("a way in again", () -> inside("true").exit() == 0);
        assertThat(status("web").path("containerID").asString()).isEqualTo(before);
    }

    @Test
    void noTenantSeesItOrGetsIt() {
        assertThat(cloud.kubectl(OPERATOR, "get", "runtimeclass", "-o", "name").text())
                .isEqualTo("runtimeclass.node.k8s.io/containerd");
        assertThat(cloud.kubectl("acme", "get", "runtimeclass", "-o", "name").text()).isEmpty();
        NodeCloud.Run asked =
                cloud.kubectlWithInput(
                        """
                        apiVersion: v1
                        kind: Pod
                        metadata: {name: out}
                        spec:
                          runtimeClassName: containerd
                          containers: [{name: main, image: hypernetes/hello}]
                        """,
                        "acme",
                        "apply",
                        "-f",
                        "-");
        assertThat(asked.exit()).isNotZero();
        assertThat(asked.output()).contains("is the operator's alone: leave runtimeClassName out");
    }

    @Test
    void whatItDoesNotOfferIsTold() {
        cloud.apply(
                OPERATOR,
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: short}
                spec:
                  runtimeClassName: containerd
                  hostNetwork: true
                  terminationGracePeriodSeconds: 1
                  volumes: [{name: memory, emptyDir: {medium: Memory}}]
                  containers: [{name: main, image: hypernetes/hello, imagePullPolicy: IfNotPresent}]
                """);
        cloud.await(
                "the reason",
                () -> cloud.events(OPERATOR, "short").contains("leave the medium out"));
        cloud.kubectl(OPERATOR, "delete", "pod", "short", "--now").succeeded();
    }
}
