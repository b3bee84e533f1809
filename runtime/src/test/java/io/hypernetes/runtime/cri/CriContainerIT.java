package io.hypernetes.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.SandboxVolume;
import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.ContainerFilter;
import io.hypernetes.cri.v1.ContainerState;
import io.hypernetes.cri.v1.ContainerStateValue;
import io.hypernetes.cri.v1.ContainerStats;
import io.hypernetes.cri.v1.ContainerStatsFilter;
import io.hypernetes.cri.v1.ContainerStatsRequest;
import io.hypernetes.cri.v1.ContainerStatus;
import io.hypernetes.cri.v1.Device;
import io.hypernetes.cri.v1.ExecSyncRequest;
import io.hypernetes.cri.v1.ImageSpec;
import io.hypernetes.cri.v1.LinuxContainerConfig;
import io.hypernetes.cri.v1.LinuxContainerResources;
import io.hypernetes.cri.v1.ListContainerStatsRequest;
import io.hypernetes.cri.v1.Mount;
import io.hypernetes.cri.v1.MountPropagation;
import io.hypernetes.cri.v1.RemoveContainerRequest;
import io.hypernetes.cri.v1.ReopenContainerLogRequest;
import io.hypernetes.cri.v1.StopContainerRequest;

import org.junit.jupiter.api.Test;

import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Containers: their life, their commands, logs, statistics and mounts. */
class CriContainerIT extends CriConformance {

    private static ContainerFilter.Builder state(ContainerState state) {
        return ContainerFilter.newBuilder()
                .setState(ContainerStateValue.newBuilder().setState(state));
    }

    @Test
    void aContainerIsMadeStartedStoppedAndRemoved() {
        ContainerConfig.Builder config =
                config(FOREVER).putLabels("app", "one").putAnnotations("note", "kept");
        String id = create(config);
        assertThat(hyper.container(id).getState()).isEqualTo(ContainerState.CONTAINER_CREATED);
        assertThat(list(ContainerFilter.newBuilder().putLabelSelector("app", "one")))
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.getId()).isEqualTo(id);
                    assertThat(item.getMetadata()).isEqualTo(config.getMetadata());
                    assertThat(item.getLabelsMap()).containsEntry("app", "one");
                    assertThat(item.getAnnotationsMap()).containsEntry("note", "kept");
                });
        hyper.removeContainer(id); // a created one
        assertThat(list(ContainerFilter.newBuilder().setId(id))).isEmpty();

        String running = secured(security -> security);
        assertThat(list(state(ContainerState.CONTAINER_RUNNING).setId(running))).hasSize(1);
        hyper.removeContainer(running); // a running one
        assertThat(list(ContainerFilter.newBuilder().setId(running))).isEmpty();

        String stopped = secured(security -> security);
        hyper.stopContainer(stopped, 0);
        hyper.stopContainer(stopped, 0);
        ContainerStatus status = hyper.container(stopped);
        assertThat(status.getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
        assertThat(status.getCreatedAt()).isPositive();
        assertThat(status.getStartedAt()).isGreaterThanOrEqualTo(status.getCreatedAt());
        assertThat(status.getFinishedAt()).isGreaterThanOrEqualTo(status.getStartedAt());
        assertThat(list(state(ContainerState.CONTAINER_RUNNING).setId(stopped))).isEmpty();
        hyper.removeContainer(stopped);
        hyper.removeContainer(stopped);
        var stop =
                hyper.runtime()
                        .stopContainer(
                                StopContainerRequest.newBuilder().setContainerId("none").build());
        var remove =
                hyper.runtime()
                        .removeContainer(
                                RemoveContainerRequest.newBuilder().setContainerId("none").build());
        assertThat(List.of(stop, remove)).hasSize(2);
    }

    @Test
    void aCommandThatTakesTooLongIsGone() {
        String one = secured(security -> security);
        assertThat(say(one, "echo hello")).isEqualTo("hello\n");
        assertThatThrownBy(() ->
                        hyper.runtime()
                                .execSync(
                                        ExecSyncRequest.newBuilder()
                                                .setContainerId(one)
                                                .addAllCmd(List.of("sleep", "4321"))
                                                .setTimeout(1)
                                                .build()))
                .hasMessageContaining(Status.Code.DEADLINE_EXCEEDED.name());
        assertThat(
                        say(
                                one,
                                "i=0; while ps | grep -q '[s]leep 4321' && [ $i -lt 100 ]; do"
                                    + " i=$((i+1)); sleep 0.1; done; ps | grep -c '[s]leep 4321'"))
                .isEqualTo("0\n");
    }

    private List<ContainerStats> stats(ContainerStatsFilter.Builder filter) {
        return hyper.runtime()
                .listContainerStats(
                        ListContainerStatsRequest.newBuilder().setFilter(filter).build())
                .getStatsList();
    }

    @Test
    void whatContainersUseCanBeAsked() {
        String one = hyper.run(sandbox, config(FOREVER).putLabels("foo", "bar").build());
        String two = secured(security -> security);
        assertThat(say(one, "head -c 2000000 /dev/zero > /written")).isEmpty();

        assertThat(stats(ContainerStatsFilter.newBuilder().setId(one)))
                .singleElement()
                .satisfies(stats -> {
                    assertThat(stats.getAttributes().getId()).isEqualTo(one);
                    assertThat(stats.getAttributes().getMetadata().getName()).startsWith("c");
                    assertThat(stats.getCpu().getTimestamp()).isPositive();
                    assertThat(stats.getCpu().getUsageCoreNanoSeconds().getValue()).isPositive();
                    assertThat(stats.getMemory().getTimestamp()).isPositive();
                    assertThat(stats.getMemory().getWorkingSetBytes().getValue()).isPositive();
                    assertThat(stats.getWritableLayer().getUsedBytes().getValue())
                            .isBetween(2_000_000L, 3_000_000L);
                    assertThat(stats.getWritableLayer().getInodesUsed().getValue()).isPositive();
                });
        assertThat(stats(ContainerStatsFilter.newBuilder()))
                .extracting(stats -> stats.getAttributes().getId())
                .contains(one, two);
        assertThat(stats(ContainerStatsFilter.newBuilder().putLabelSelector("foo", "bar")))
                .extracting(stats -> stats.getAttributes().getId())
                .containsExactly(one);
        assertThat(stats(ContainerStatsFilter.newBuilder().putLabelSelector("foo", "baz")))
                .isEmpty();
        assertThat(
                        hyper.runtime()
                                .containerStats(
                                        ContainerStatsRequest.newBuilder()
                                                .setContainerId(two)
                                                .build())
                                .getStats()
                                .getAttributes()
                                .getId())
                .isEqualTo(two);
    }

    @Test
    void outputIsLoggedAndTheLogReopened() throws Exception {
        ContainerConfig.Builder config =
                config("echo hello; until [ -e /go ]; do sleep 0.1; done; echo again; " + FOREVER);
        String name = config.getMetadata().getName();
        String id = hyper.run(sandbox, config.build());
        hyper.awaitLog(name, "stdout F hello");
        Path log = Path.of(hyper.container(id).getLogPath());
        Path renamed = log.resolveSibling("renamed");
        Files.move(log, renamed, StandardCopyOption.ATOMIC_MOVE);
        var unused =
                hyper.runtime()
                        .reopenContainerLog(
                                ReopenContainerLogRequest.newBuilder().setContainerId(id).build());
        assertThat(log).exists();
        assertThat(say(id, "touch /go")).isEmpty();
        hyper.awaitLog(name, "stdout F again");
        assertThat(Files.readString(renamed)).contains("hello").doesNotContain("again");
    }

    @Test
    void whoTakesTooMuchMemoryIsKilledForIt() throws Exception {
        ContainerConfig.Builder config = config("head -c 30000000 /dev/zero | tail");
        config.setLinux(
                LinuxContainerConfig.newBuilder()
                        .setResources(
                                LinuxContainerResources.newBuilder()
                                        .setMemoryLimitInBytes(12 << 20)));
        String id = hyper.run(sandbox, config.build());
        hyper.awaitState(id, ContainerState.CONTAINER_EXITED);
        assertThat(hyper.container(id).getExitCode()).isEqualTo(137);
        assertThat(hyper.container(id).getReason()).isEqualTo("OOMKilled");
    }

    @Test
    void containersOfASandboxAreSeparateButOnTheNetwork() throws Exception {
        String server = hyper.runCommand(sandbox, "server", List.of());
        hyper.awaitLog("server", "serves http");
        String client = secured(security -> security);
        assertThat(
                        say(
                                client,
                                "i=0; until wget -q -O - 127.0.0.1:8080 || [ $i = 99 ]; do"
                                        + " i=$((i+1)); sleep 0.1; done"))
                .isNotEmpty();
        assertThat(say(server, "touch /only-here; ls /only-here")).isEqualTo("/only-here\n");
        assertThat(say(client, "ls /only-here")).contains("No such file");
        hyper.removeContainer(server);
    }

    @Test
    void aRawVolumeIsADeviceWhereItIsAskedFor() throws Exception {
        Path disk = folder.resolve("raw.disk");
        try (RandomAccessFile file = new RandomAccessFile(disk.toFile(), "rw")) {
            file.setLength(4 << 20);
        }
        SandboxVolume raw = new SandboxVolume.Raw("data", disk.toString(), "file", false);
        String own =
                run(
                        sandbox("raw")
                                .putAnnotations(
                                        Annotations.VOLUMES, Annotations.write(List.of(raw))));
        Device device =
                Device.newBuilder()
                        .setHostPath("volume:data")
                        .setContainerPath("/dev/own")
                        .setPermissions("mrw")
                        .build();
        String id = hyper.run(own, config(FOREVER).addDevices(device).build());
        assertThat(say(id, "[ -b /dev/own ] && wc -c < /dev/own")).isEqualTo("4194304\n");
        assertThat(say(id, "echo written | dd of=/dev/own conv=fsync 2>/dev/null")).isEmpty();
        assertThat(say(id, "head -c 8 /dev/own")).isEqualTo("written\n");
        assertThat(Files.readString(disk, StandardCharsets.ISO_8859_1)).startsWith("written\n");

        Mount folder = Mount.newBuilder().setHostPath("volume:data").setContainerPath("/m").build();
        assertThatThrownBy(() -> hyper.run(own, config(FOREVER).addMounts(folder).build()))
                .hasMessageContaining("the sandbox has no volume 'data'");
        Device node = device.toBuilder().setHostPath("/dev/null").build();
        assertThatThrownBy(() -> hyper.run(own, config(FOREVER).addDevices(node).build()))
                .hasMessageContaining("only its own raw volumes");
    }

    /** Another image than the container's would be one more disk; this one is shared. */
    @Test
    void anImageIsMountedReadOnlyAsAWholeOrInPart() {
        ImageSpec image = ImageSpec.newBuilder().setImage(TestHyper.IMAGE).build();
        Mount whole = Mount.newBuilder().setImage(image).setContainerPath("/whole").build();
        Mount part =
                Mount.newBuilder()
                        .setImage(image)
                        .setImageSubPath("www")
                        .setContainerPath("/part")
                        .build();
        String id = hyper.run(sandbox, config(FOREVER).addMounts(whole).addMounts(part).build());
        assertThat(say(id, "cmp /whole/www/cgi-bin/index.cgi /part/cgi-bin/index.cgi")).isEmpty();
        assertThat(say(id, "touch /part/x")).contains("Read-only file system");
        Mount outside = part.toBuilder().setImageSubPath("../etc").build();
        assertThatThrownBy(() -> hyper.run(sandbox, config(FOREVER).addMounts(outside).build()))
                .hasMessageContaining("not a path in a volume");
        ImageSpec unknown = ImageSpec.newBuilder().setImage("nobody/has:this").build();
        Mount absent = whole.toBuilder().setImage(unknown).build();
        assertThatThrownBy(() -> hyper.run(sandbox, config(FOREVER).addMounts(absent).build()))
                .hasMessageContaining("it must be pulled first");
    }

    private String mounted(Mount.Builder mount) {
        return create(config(FOREVER).addMounts(mount.setHostPath("/etc").setContainerPath("/m")));
    }

    @Test
    void mountsThatMeanNothingHereAreRefused() {
        for (MountPropagation propagation :
                List.of(
                        MountPropagation.PROPAGATION_HOST_TO_CONTAINER,
                        MountPropagation.PROPAGATION_BIDIRECTIONAL)) {
            assertThatThrownBy(() ->
                            mounted(
                                    Mount.newBuilder()
                                            .setReadonly(true)
                                            .setRecursiveReadOnly(true)
                                            .setPropagation(propagation)))
                    .hasMessageContaining("recursive read-only");
        }
        assertThatThrownBy(() -> mounted(Mount.newBuilder().setRecursiveReadOnly(true)))
                .hasMessageContaining("recursive read-only");
        assertThatThrownBy(() ->
                        mounted(
                                Mount.newBuilder()
                                        .setPropagation(
                                                MountPropagation.PROPAGATION_BIDIRECTIONAL)))
                .hasMessageContaining("shares no mounts with its node");
        assertThatThrownBy(() -> mounted(Mount.newBuilder()))
                .hasMessageContaining("shares no file system with its node");
    }
}
