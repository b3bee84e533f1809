package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.stream.Stream;

/** Machines, guests and images that die: seen, told, and healed by the restart policy. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PodDeathIT {

    private static final String POD =
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: %s}
            spec:
              restartPolicy: %s
              terminationGracePeriodSeconds: 1
              containers:
              - name: main
                image: %s
                imagePullPolicy: IfNotPresent
                command: [sh, -c, "echo born $(cat /proc/sys/kernel/random/boot_id); %s; sleep 100000"]
                securityContext: {capabilities: {add: [SYS_ADMIN]}}
            """;

    private static final String HELLO = "hypernetes/hello";

    private NodeCloud cloud;

    @BeforeAll
    void start() throws Exception {
        cloud = NodeCloud.get();
        cloud.apply("acme", POD.formatted("once", "Never", HELLO, "true"));
        cloud.awaitReady("acme", "once");
    }

    @AfterAll
    void remove() {
        cloud.kubectl("acme", "delete", "pod", "--all", "--now").succeeded();
    }

    private JsonNode container(String pod) {
        return cloud.get("acme", "pod", pod).path("status").path("containerStatuses").path(0);
    }

    private void awaitRestarted(String pod, int restarts) {
        cloud.await(
                "restart " + restarts + " of " + pod,
                () ->
                        container(pod).path("restartCount").asInt() == restarts
                                && container(pod).path("ready").asBoolean());
    }

    /** What the container says when it has started, which may be after it is ready. */
    private String firstLine(String pod) {
        cloud.await(
                "the first line of " + pod,
                () -> cloud.kubectl("acme", "logs", pod).output().startsWith("born"));
        return cloud.kubectl("acme", "logs", pod).text();
    }

    private void assertLastState(String pod, String reason) {
        JsonNode last = container(pod).path("lastState").path("terminated");
        assertThat(last.path("reason").asString()).isEqualTo(reason);
        assertThat(last.path("exitCode").asInt()).isEqualTo(137);
        assertThat(cloud.events("acme", pod))
                .contains("Warning " + reason + " ")
                .contains(
                        "Normal SandboxChanged Pod sandbox changed, it will be killed and"
                                + " re-created.");
    }

    @Test
    void aPodThatMayNotRestartHasFailedWithItsMachine() throws IOException {
        boolean killed = cloud.machine("once").destroyForcibly();
        assertThat(killed).isTrue();
        cloud.await(
                "the end of once",
                () ->
                        cloud.get("acme", "pod", "once")
                                .path("status")
                                .path("phase")
                                .asString()
                                .equals("Failed"));
        JsonNode end = container("once").path("state").path("terminated");
        assertThat(end.path("reason").asString()).isEqualTo("VMDied");
        assertThat(end.path("message").asString())
                .isEqualTo("the virtual machine of the sandbox has ended");
        assertThat(cloud.events("acme", "once")).contains("Warning VMDied ");
        assertThat(cloud.kubectl("acme", "logs", "once").exit()).isZero();
    }

    /** The agent is process 1: its end is the kernel's, as is a panic. Then QEMU itself. */
    @Test
    void aPodOutlivesItsKernelAndItsQemu() throws IOException {
        cloud.apply("acme", POD.formatted("crash", "Always", HELLO, "true"));
        cloud.awaitReady("acme", "crash");
        String first = firstLine("crash");
        cloud.exec("acme", "crash", "main", "echo c > /proc/sysrq-trigger");
        awaitRestarted("crash", 1);
        assertLastState("crash", "VMDied");
        assertThat(cloud.kubectl("acme", "logs", "crash", "--previous").text()).isEqualTo(first);
        assertThat(firstLine("crash")).isNotEqualTo(first);

        boolean killed = cloud.machine("crash").destroyForcibly();
        assertThat(killed).isTrue();
        awaitRestarted("crash", 2);
        assertLastState("crash", "VMDied");
        cloud.kubectl("acme", "delete", "pod", "crash", "--now").succeeded();
    }

    /** Also: pull secrets, and that one tenant's image is not another's. */
    @Test
    void aDamagedImageIsFetchedAgainWithTheTenantsOwnPassword() throws IOException {
        Path layout =
                Path.of(System.getProperty("hypernetes.root", ".."))
                        .resolve("guest/target/hello.tar");
        try (SmallRegistry registry = new SmallRegistry(layout)) {
            String image = registry.address() + "/app:v1";
            cloud.apply("acme", POD.formatted("private", "Always", image, "true"));
            cloud.await(
                    "the refusal",
                    () ->
                            container("private")
                                    .path("state")
                                    .path("waiting")
                                    .path("reason")
                                    .asString("")
                                    .equals("ImagePullBackOff"));
            assertThat(
                            container("private")
                                    .path("state")
                                    .path("waiting")
                                    .path("message")
                                    .asString())
                    .startsWith(
                            "Back-off pulling image \""
                                    + image
                                    + "\": ErrImagePull: pull of "
                                    + image
                                    + " denied");
            assertThat(cloud.events("acme", "private"))
                    .contains(
                            "Normal Pulling Pulling image \"" + image + "\" spec.containers{main}")
                    .contains("Warning Failed Failed to pull image \"" + image + "\": ")
                    .contains("Warning Failed Error: ErrImagePull")
                    .contains("Warning Failed Error: ImagePullBackOff")
                    .contains("Normal BackOff Back-off pulling image");
            cloud.kubectl("acme", "delete", "pod", "private", "--now").succeeded();

            cloud.kubectl(
                            "acme",
                            "create",
                            "secret",
                            "docker-registry",
                            "regcred",
                            "--docker-server=" + registry.address(),
                            "--docker-username=alice",
                            "--docker-password=secret")
                    .succeeded();
            cloud.kubectl(
                            "acme",
                            "patch",
                            "serviceaccount",
                            "default",
                            "-p",
                            "{\"imagePullSecrets\":[{\"name\":\"regcred\"},{\"name\":\"gone\"}]}")
                    .succeeded();
            cloud.apply("acme", POD.formatted("private", "Always", image, "true"));
            cloud.awaitReady("acme", "private");
            assertThat(cloud.events("acme", "private"))
                    .contains(
                            "Warning FailedToRetrieveImagePullSecret Unable to retrieve some image"
                                    + " pull secrets (gone); attempting to pull the image may not"
                                    + " succeed.")
                    .contains("Normal Pulled Successfully pulled image \"" + image + "\" in ");
            assertOthersHaveNothing(image);
            damageAndRestart(image);
        } finally {
            cloud.kubectl(
                    "acme",
                    "patch",
                    "serviceaccount",
                    "default",
                    "-p",
                    "{\"imagePullSecrets\":null}");
        }
    }

    private void assertOthersHaveNothing(String image) {
        cloud.apply(
                "globex",
                POD.formatted("thief", "Always", image, "true").replace("IfNotPresent", "Never"));
        cloud.await(
                "the refusal",
                () ->
                        cloud.events("globex", "thief")
                                .contains(
                                        "Warning ErrImageNeverPull Container image \""
                                                + image
                                                + "\" is not present with pull policy of Never"));
        cloud.kubectl("globex", "delete", "pod", "thief", "--now").succeeded();
    }

    /** The content is the hello image's, which has the same file: both are hit, both heal. */
    private void damageAndRestart(String image) throws IOException {
        String id =
                cloud.get("acme", "pod", "private")
                        .path("status")
                        .path("containerStatuses")
                        .path(0)
                        .path("imageID")
                        .asString();
        assertThat(id).startsWith(image.replace(":v1", "@sha256:"));
        try (Stream<Path> files = Files.list(cloud.data().resolve("hyper/images/rootfs"))) {
            for (Path file : files.toList()) {
                try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
                    var unused = channel.truncate(4096);
                }
            }
        }
        cloud.kubectl("acme", "delete", "pod", "private", "--now").succeeded();
        cloud.apply("acme", POD.formatted("private", "Always", image, "true"));
        cloud.awaitReady("acme", "private");
        cloud.kubectl("acme", "delete", "pod", "private", "--now").succeeded();
    }
}
