package io.hypernetes.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.ByteString;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.SandboxVolume;
import io.hypernetes.cri.guest.v1.HttpGet;
import io.hypernetes.cri.guest.v1.ProbeRequest;
import io.hypernetes.cri.guest.v1.ProbeResponse;
import io.hypernetes.cri.guest.v1.SandboxStatsRequest;
import io.hypernetes.cri.guest.v1.TcpConnect;
import io.hypernetes.cri.guest.v1.VolumeFile;
import io.hypernetes.cri.guest.v1.WriteVolumeRequest;
import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.ContainerEventType;
import io.hypernetes.cri.v1.ContainerState;
import io.hypernetes.cri.v1.ContainerStatus;
import io.hypernetes.cri.v1.ExecSyncResponse;
import io.hypernetes.cri.v1.ImageSpec;
import io.hypernetes.cri.v1.Mount;
import io.hypernetes.cri.v1.PodSandboxState;
import io.hypernetes.cri.v1.PullImageRequest;
import io.hypernetes.cri.v1.RunPodSandboxRequest;
import io.hypernetes.runtime.image.ImageException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** The runtime as a client sees it, over its socket, with real machines. */
class HyperIT {

    @TempDir private Path folder;
    private TestHyper hyper;

    @BeforeEach
    void start() throws Exception {
        hyper = TestHyper.start(folder);
    }

    @AfterEach
    void stop() throws Exception {
        hyper.purge();
    }

    @Test
    void aPodLivesAndLeavesNothing() throws Exception {
        assertThat(Files.getPosixFilePermissions(folder.resolve("hyper.sock")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        String sandbox = hyper.runSandbox("web", List.of());
        assertThat(hyper.runSandbox("web", List.of())).as("repeated").isEqualTo(sandbox);
        String container =
                hyper.runContainer(
                        sandbox, "main", "echo to-out; echo to-err >&2; hostname; exec sleep 1000");

        assertThat(hyper.sandboxStatus(sandbox).getState())
                .isEqualTo(PodSandboxState.SANDBOX_READY);
        ContainerStatus status = hyper.container(container);
        assertThat(status.getState()).isEqualTo(ContainerState.CONTAINER_RUNNING);
        assertThat(status.getImage().getImage()).isEqualTo(TestHyper.IMAGE);
        hyper.awaitLog("main", "stdout F to-out", "stderr F to-err", "stdout F web");
        ExecSyncResponse exec = hyper.exec(container, "echo hi; echo no >&2; exit 3");
        assertThat(exec.getStdout().toStringUtf8()).isEqualTo("hi\n");
        assertThat(exec.getStderr().toStringUtf8()).isEqualTo("no\n");
        assertThat(exec.getExitCode()).isEqualTo(3);
        assertThat(hyper.guest().sandboxStats(stats(sandbox)).getMemoryTotalBytes()).isPositive();

        hyper.stopContainer(container, 0);
        ContainerStatus ended = hyper.container(container);
        assertThat(ended.getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
        assertThat(ended.getExitCode()).isEqualTo(137);
        assertThat(ended.getReason()).isEqualTo("Error");
        hyper.removeContainer(container);
        hyper.removeContainer(container);
        hyper.removeSandbox(sandbox);
        hyper.removeSandbox(sandbox);
        assertThat(hyper.machines()).isEmpty();
        assertThat(folder.resolve("sandboxes")).isEmptyDirectory();
    }

    private static SandboxStatsRequest stats(String sandbox) {
        return SandboxStatsRequest.newBuilder().setPodSandboxId(sandbox).build();
    }

    @Test
    void endsAreReportedWithTheirReason() throws Exception {
        String sandbox = hyper.runSandbox("jobs", List.of());
        try (EventLog events = hyper.events()) {
            String good = hyper.runContainer(sandbox, "good", "echo done");
            String bad = hyper.runContainer(sandbox, "bad", "exit 7");
            events.await(good, ContainerEventType.CONTAINER_CREATED_EVENT);
            events.await(good, ContainerEventType.CONTAINER_STOPPED_EVENT);
            events.await(bad, ContainerEventType.CONTAINER_STOPPED_EVENT);

            assertThat(hyper.container(good).getReason()).isEqualTo("Completed");
            assertThat(hyper.container(good).getExitCode()).isZero();
            assertThat(hyper.container(bad).getReason()).isEqualTo("Error");
            assertThat(hyper.container(bad).getExitCode()).isEqualTo(7);
            assertThat(hyper.log("good")).anyMatch(line -> line.endsWith("stdout F done"));
        }
        assertThatThrownBy(() -> hyper.runCommand(sandbox, "none", List.of("/no/such/program")))
                .isInstanceOf(StatusRuntimeException.class);
        assertThat(hyper.containerNamed(sandbox, "none").getReason()).isEqualTo("StartError");
    }

    @Test
    void termIsGivenTheTimeItWasPromised() throws Exception {
        String sandbox = hyper.runSandbox("graceful", List.of());
        String container =
                hyper.runContainer(
                        sandbox,
                        "main",
                        "trap 'echo bye; exit 5' TERM; echo up; while :; do sleep 0.1; done");
        hyper.awaitLog("main", "stdout F up");

        hyper.stopContainer(container, 20);

        assertThat(hyper.container(container).getExitCode()).isEqualTo(5);
        hyper.awaitLog("main", "stdout F bye");
    }

    @Test
    void sandboxesOutliveTheProgram() throws Exception {
        String sandbox = hyper.runSandbox("survivor", List.of());
        String container =
                hyper.runContainer(
                        sandbox,
                        "main",
                        "i=0; while :; do i=$((i+1)); echo tick $i; sleep 0.2; done");
        String dying = hyper.runContainer(sandbox, "dying", "sleep 1; exit 9");
        String doomed = hyper.runSandbox("doomed", List.of());
        String lost = hyper.runContainer(doomed, "lost", "exec sleep 1000");
        hyper.awaitLog("main", "tick 1");

        hyper.close();
        String unfinished = "0123456789abcdef0123456789abcdef";
        new StateFolder(folder.resolve("sandboxes"))
                .save(
                        new SandboxRecord(
                                unfinished,
                                TestHyper.sandbox("unfinished"),
                                "",
                                1,
                                SandboxRecord.State.CREATING));
        hyper.killMachine(doomed);
        Thread.sleep(1500); // longer than the container that is to end while nobody looks
        hyper = TestHyper.start(folder);

        assertThat(hyper.sandboxStatus(sandbox).getState())
                .isEqualTo(PodSandboxState.SANDBOX_READY);
        assertThat(hyper.container(container).getState())
                .isEqualTo(ContainerState.CONTAINER_RUNNING);
        hyper.awaitState(dying, ContainerState.CONTAINER_EXITED);
        assertThat(hyper.container(dying).getExitCode()).isEqualTo(9);
        int seen = hyper.log("main").size();
        hyper.awaitLog("main", "tick " + (seen + 3));
        assertThat(hyper.log("main"))
                .extracting(line -> line.substring(line.lastIndexOf(' ') + 1))
                .as("no line lost, none twice")
                .doesNotHaveDuplicates()
                .startsWith("1", "2", "3");
        assertThat(hyper.exec(container, "echo still").getStdout().toStringUtf8())
                .isEqualTo("still\n");
        assertThat(hyper.sandboxStatus(doomed).getState())
                .isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
        assertThat(hyper.container(lost).getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
        assertThat(hyper.container(lost).getReason()).isEqualTo("VMDied");
        assertThatThrownBy(() -> hyper.sandboxStatus(unfinished)).hasMessageContaining("NOT_FOUND");
        assertThat(folder.resolve("sandboxes").resolve(unfinished)).doesNotExist();
    }

    @Test
    void aMachineThatDiesTakesItsSandboxWithIt() throws Exception {
        String sandbox = hyper.runSandbox("fragile", List.of());
        String container = hyper.runContainer(sandbox, "main", "exec sleep 1000");
        try (EventLog events = hyper.events()) {
            hyper.killMachine(sandbox);
            events.await(sandbox, ContainerEventType.CONTAINER_STOPPED_EVENT);
        }
        assertThat(hyper.sandboxStatus(sandbox).getState())
                .isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
        assertThat(hyper.container(container).getReason()).isEqualTo("VMDied");
        assertThat(hyper.container(container).getExitCode()).isEqualTo(137);
        assertThatThrownBy(() -> hyper.exec(container, "true"))
                .isInstanceOf(StatusRuntimeException.class);
    }

    @Test
    void aMachineThatHangsIsEnded() throws Exception {
        hyper.close();
        hyper = TestHyper.start(folder, Duration.ofSeconds(30));
        String sandbox = hyper.runSandbox("hung", List.of());
        String container = hyper.runContainer(sandbox, "main", "exec sleep 1000");

        hyper.stopMachine(sandbox);
        hyper.awaitState(container, ContainerState.CONTAINER_EXITED);

        assertThat(hyper.container(container).getReason()).isEqualTo("VMHung");
        assertThat(hyper.container(container).getMessage())
                .startsWith("the process of the virtual machine was stopped for");
        assertThat(hyper.sandboxStatus(sandbox).getState())
                .isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
        assertThat(hyper.machines()).isEmpty();
    }

    @Test
    void volumesAreSharedAndFilesReplacedAsAWhole() throws Exception {
        Path disk = Files.createFile(folder.resolve("disk.raw"));
        try (var file = new java.io.RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(64 << 20);
        }
        String sandbox =
                hyper.runSandbox(
                        "volumes",
                        List.of(
                                new SandboxVolume.EmptyDir(
                                        "tmp", OptionalLong.of(1 << 20), OptionalLong.empty()),
                                new SandboxVolume.Files("config", "", OptionalLong.empty()),
                                new SandboxVolume.Disk(
                                        "data",
                                        disk.toString(),
                                        "file",
                                        "ext4",
                                        false,
                                        OptionalLong.empty())));
        write(sandbox, "greeting", "one");
        Mount[] mounts = {
            mount("volume:tmp", "/tmp"),
            mount("volume:config", "/config"),
            mount("volume:data/sub", "/data")
        };
        String first = hyper.runContainer(sandbox, "first", "exec sleep 1000", mounts);
        String second = hyper.runContainer(sandbox, "second", "exec sleep 1000", mounts);

        assertThat(hyper.exec(first, "echo x > /tmp/x; echo y > /data/y").getExitCode()).isZero();
        assertThat(hyper.exec(second, "cat /tmp/x /data/y /config/greeting").getStdout())
                .isEqualTo(ByteString.copyFromUtf8("x\ny\none"));
        write(sandbox, "other", "two");
        assertThat(hyper.exec(second, "ls /config; cat /config/other").getStdout())
                .isEqualTo(ByteString.copyFromUtf8("other\ntwo"));
        assertThatThrownBy(() ->
                        hyper.runContainer(sandbox, "host", "true", mount("/etc/passwd", "/x")))
                .hasMessageContaining("A sandbox shares no file system with its node");
        assertThatThrownBy(
                        () -> hyper.runContainer(sandbox, "no", "true", mount("volume:no", "/x")))
                .hasMessageContaining("the sandbox has no volume 'no'");
    }

    private void write(String sandbox, String path, String content) {
        var unused =
                hyper.guest()
                        .writeVolume(
                                WriteVolumeRequest.newBuilder()
                                        .setPodSandboxId(sandbox)
                                        .setVolume("config")
                                        .addFiles(
                                                VolumeFile.newBuilder()
                                                        .setPath(path)
                                                        .setContent(
                                                                ByteString.copyFrom(
                                                                        content, UTF_8)))
                                        .build());
    }

    private static Mount mount(String from, String to) {
        return Mount.newBuilder().setHostPath(from).setContainerPath(to).build();
    }

    @Test
    void probesRunInsideTheGuest() throws Exception {
        String sandbox = hyper.runSandbox("probed", List.of());
        String container =
                hyper.runCommand(sandbox, "main", List.of()); // the image's own command, on 8080
        hyper.awaitState(container, ContainerState.CONTAINER_RUNNING);
        hyper.awaitLog("main", "serves http");
        ProbeRequest.Builder http =
                ProbeRequest.newBuilder()
                        .setPodSandboxId(sandbox)
                        .setTimeoutMillis(5000)
                        .setHttpGet(HttpGet.newBuilder().setPort(8080).setPath("/"));
        ProbeResponse up = hyper.guest().probe(http.build());
        for (int i = 0; i < 50 && !up.getSuccess(); i++) {
            Thread.sleep(100); // the server says that it serves just before it does
            up = hyper.guest().probe(http.build());
        }
        assertThat(up.getSuccess()).as(up.getMessage()).isTrue();
        assertThat(up.getHttpStatus()).isEqualTo(200);
        ProbeResponse down =
                hyper.guest()
                        .probe(
                                ProbeRequest.newBuilder()
                                        .setPodSandboxId(sandbox)
                                        .setTcpConnect(TcpConnect.newBuilder().setPort(81))
                                        .build());
        assertThat(down.getSuccess()).isFalse();
    }

    @Test
    void errorsSayWhatIsWrong() {
        assertThatThrownBy(() -> hyper.sandboxStatus("nothing"))
                .hasMessage("NOT_FOUND: there is no sandbox 'nothing'");
        assertThatThrownBy(() ->
                        hyper.images()
                                .pullImage(
                                        PullImageRequest.newBuilder()
                                                .setImage(
                                                        ImageSpec.newBuilder()
                                                                .setImage("Not//Valid"))
                                                .build()))
                .hasMessage("INVALID_ARGUMENT: 'Not//Valid' is not an image name");
        assertThatThrownBy(() ->
                        hyper.runtime()
                                .runPodSandbox(
                                        RunPodSandboxRequest.newBuilder()
                                                .setConfig(
                                                        TestHyper.sandbox("x").toBuilder()
                                                                .putAnnotations(
                                                                        Annotations.NIC, "{"))
                                                .build()))
                .hasMessageContaining("annotation hypernetes.io/nic is not JSON");
        assertThat(
                        Failures.status(
                                        new ImageException(
                                                ImageException.Reason.NOT_FOUND, "no such image"))
                                .getCode())
                .isEqualTo(Status.Code.NOT_FOUND);
        assertThat(ContainerConfig.getDefaultInstance().getMountsList()).isEmpty();
    }
}
