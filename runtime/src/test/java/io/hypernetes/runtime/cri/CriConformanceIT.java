package io.hypernetes.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.Status;
import io.hypernetes.cri.v1.Capability;
import io.hypernetes.cri.v1.Container;
import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.ContainerFilter;
import io.hypernetes.cri.v1.ContainerState;
import io.hypernetes.cri.v1.ContainerStateValue;
import io.hypernetes.cri.v1.ContainerStats;
import io.hypernetes.cri.v1.ContainerStatsFilter;
import io.hypernetes.cri.v1.ContainerStatsRequest;
import io.hypernetes.cri.v1.ContainerStatus;
import io.hypernetes.cri.v1.CreateContainerRequest;
import io.hypernetes.cri.v1.DNSConfig;
import io.hypernetes.cri.v1.ExecSyncRequest;
import io.hypernetes.cri.v1.Image;
import io.hypernetes.cri.v1.ImageFsInfoRequest;
import io.hypernetes.cri.v1.ImageSpec;
import io.hypernetes.cri.v1.ImageStatusRequest;
import io.hypernetes.cri.v1.Int64Value;
import io.hypernetes.cri.v1.LinuxContainerConfig;
import io.hypernetes.cri.v1.LinuxContainerResources;
import io.hypernetes.cri.v1.LinuxContainerSecurityContext;
import io.hypernetes.cri.v1.LinuxPodSandboxConfig;
import io.hypernetes.cri.v1.LinuxSandboxSecurityContext;
import io.hypernetes.cri.v1.ListContainerStatsRequest;
import io.hypernetes.cri.v1.ListContainersRequest;
import io.hypernetes.cri.v1.ListImagesRequest;
import io.hypernetes.cri.v1.ListPodSandboxRequest;
import io.hypernetes.cri.v1.Mount;
import io.hypernetes.cri.v1.MountPropagation;
import io.hypernetes.cri.v1.NamespaceMode;
import io.hypernetes.cri.v1.NamespaceOption;
import io.hypernetes.cri.v1.PodSandbox;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.cri.v1.PodSandboxFilter;
import io.hypernetes.cri.v1.PodSandboxState;
import io.hypernetes.cri.v1.PodSandboxStateValue;
import io.hypernetes.cri.v1.PortMapping;
import io.hypernetes.cri.v1.PullImageRequest;
import io.hypernetes.cri.v1.RemoveContainerRequest;
import io.hypernetes.cri.v1.RemoveImageRequest;
import io.hypernetes.cri.v1.RemovePodSandboxRequest;
import io.hypernetes.cri.v1.ReopenContainerLogRequest;
import io.hypernetes.cri.v1.RunPodSandboxRequest;
import io.hypernetes.cri.v1.RuntimeCondition;
import io.hypernetes.cri.v1.RuntimeConfigRequest;
import io.hypernetes.cri.v1.SecurityProfile;
import io.hypernetes.cri.v1.StatusRequest;
import io.hypernetes.cri.v1.StatusResponse;
import io.hypernetes.cri.v1.StopContainerRequest;
import io.hypernetes.cri.v1.StopPodSandboxRequest;
import io.hypernetes.cri.v1.SupplementalGroupsPolicy;
import io.hypernetes.cri.v1.VersionRequest;
import io.hypernetes.cri.v1.VersionResponse;
import io.hypernetes.runtime.image.Digest;
import io.hypernetes.runtime.image.TestRegistry;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * What critest ({@code kubernetes-sigs/cri-tools}, {@code pkg/validate}) asks of a runtime, asked
 * over the socket; docs/runtime.md says which of its specs each test keeps. One sandbox serves all
 * that do not end it.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CriConformanceIT {

    private static final String FOREVER = "exec sleep 100000";

    @TempDir private static Path folder;
    private TestHyper hyper;
    private String sandbox;
    private int containers;

    @BeforeAll
    void start() throws Exception {
        hyper = TestHyper.start(folder);
        sandbox =
                run(
                        sandbox("asked")
                                .setDnsConfig(
                                        DNSConfig.newBuilder()
                                                .addServers("10.10.10.10")
                                                .addSearches("google.com")
                                                .addOptions("ndots:8"))
                                .addPortMappings(PortMapping.newBuilder().setContainerPort(12000))
                                .setLinux(
                                        LinuxPodSandboxConfig.newBuilder()
                                                .putSysctls("kernel.shm_rmid_forced", "1")
                                                .putSysctls("fs.mqueue.msg_max", "100")));
    }

    @AfterAll
    void stop() throws Exception {
        hyper.purge();
    }

    private PodSandboxConfig.Builder sandbox(String name) {
        return TestHyper.sandbox(name).toBuilder()
                .setLogDirectory(folder.resolve("logs").toString());
    }

    private String run(PodSandboxConfig.Builder config) {
        return hyper.runtime()
                .runPodSandbox(RunPodSandboxRequest.newBuilder().setConfig(config).build())
                .getPodSandboxId();
    }

    private ContainerConfig.Builder config(String script) {
        return TestHyper.config("c" + containers++).addAllCommand(List.of("/bin/sh", "-c", script));
    }

    private String create(ContainerConfig.Builder config) {
        return hyper.runtime()
                .createContainer(
                        CreateContainerRequest.newBuilder()
                                .setPodSandboxId(sandbox)
                                .setConfig(config)
                                .build())
                .getContainerId();
    }

    private static ContainerConfig.Builder with(
            ContainerConfig.Builder config,
            UnaryOperator<LinuxContainerSecurityContext.Builder> security) {
        return config.setLinux(
                LinuxContainerConfig.newBuilder()
                        .setSecurityContext(
                                security.apply(LinuxContainerSecurityContext.newBuilder())));
    }

    /** A container that waits for questions. */
    private String secured(UnaryOperator<LinuxContainerSecurityContext.Builder> security) {
        return hyper.run(sandbox, with(config(FOREVER), security).build());
    }

    private String say(String container, String script) {
        var answer = hyper.exec(container, script);
        return answer.getStdout().toStringUtf8() + answer.getStderr().toStringUtf8();
    }

    private static Int64Value number(long value) {
        return Int64Value.newBuilder().setValue(value).build();
    }

    // ---- runtime info ----

    @Test
    void itSaysWhatItIsAndThatItIsReady() {
        VersionResponse version = hyper.runtime().version(VersionRequest.getDefaultInstance());
        assertThat(version.getRuntimeName()).isEqualTo("hyper");
        assertThat(version.getRuntimeApiVersion()).isEqualTo("v1");
        assertThat(version.getVersion()).isNotEmpty();
        assertThat(version.getRuntimeVersion()).isNotEmpty();
        StatusResponse status = hyper.runtime().status(StatusRequest.getDefaultInstance());
        assertThat(status.getStatus().getConditionsList())
                .filteredOn(RuntimeCondition::getStatus)
                .extracting(RuntimeCondition::getType)
                .contains("RuntimeReady", "NetworkReady");
        assertThat(status.getRuntimeHandlersList())
                .allMatch(handler -> handler.getFeatures().getRecursiveReadOnlyMounts())
                .noneMatch(handler -> handler.getFeatures().getUserNamespaces());
        assertThat(status.getFeatures().getSupplementalGroupsPolicy()).isTrue();
        assertThat(
                        hyper.runtime()
                                .runtimeConfig(RuntimeConfigRequest.getDefaultInstance())
                                .hasLinux())
                .isTrue();
    }

    // ---- sandboxes ----

    private List<PodSandbox> sandboxes(PodSandboxFilter.Builder filter) {
        return hyper.runtime()
                .listPodSandbox(ListPodSandboxRequest.newBuilder().setFilter(filter).build())
                .getItemsList();
    }

    private static PodSandboxFilter.Builder state(PodSandboxState state) {
        return PodSandboxFilter.newBuilder()
                .setState(PodSandboxStateValue.newBuilder().setState(state));
    }

    @Test
    void aSandboxKeepsItsAttributesAndEndsAsOftenAsOneLikes() {
        Map<String, String> labels = Map.of("foo", "bar");
        String id =
                run(
                        sandbox("kept")
                                .putAllLabels(labels)
                                .putAnnotations("annotation", "value")
                                .setHostname("a-name"));
        assertThat(sandboxes(PodSandboxFilter.newBuilder().setId(id)))
                .singleElement()
                .satisfies(item -> {
                    assertThat(item.getMetadata()).isEqualTo(sandbox("kept").getMetadata());
                    assertThat(item.getLabelsMap()).containsAllEntriesOf(labels);
                    assertThat(item.getAnnotationsMap()).containsEntry("annotation", "value");
                });
        assertThat(hyper.sandboxStatus(id).getLabelsMap()).containsAllEntriesOf(labels);
        assertThat(sandboxes(state(PodSandboxState.SANDBOX_READY).putAllLabelSelector(labels)))
                .extracting(PodSandbox::getId)
                .containsExactly(id);
        String main =
                hyper.run(id, TestHyper.config("main").addCommand("sleep").addCommand("9").build());
        assertThat(say(main, "hostname")).isEqualTo("a-name\n");

        stopSandbox(id);
        stopSandbox(id);
        assertThat(hyper.sandboxStatus(id).getState()).isEqualTo(PodSandboxState.SANDBOX_NOTREADY);
        assertThat(hyper.container(main).getState()).isEqualTo(ContainerState.CONTAINER_EXITED);
        assertThat(sandboxes(state(PodSandboxState.SANDBOX_READY).setId(id))).isEmpty();
        for (int i = 0; i < 2; i++) {
            var unused =
                    hyper.runtime()
                            .removePodSandbox(
                                    RemovePodSandboxRequest.newBuilder()
                                            .setPodSandboxId(id)
                                            .build());
        }
        assertThat(sandboxes(PodSandboxFilter.newBuilder().setId(id))).isEmpty();
        stopSandbox("never-there");
    }

    private void stopSandbox(String id) {
        var unused =
                hyper.runtime()
                        .stopPodSandbox(
                                StopPodSandboxRequest.newBuilder().setPodSandboxId(id).build());
    }

    /** The namespaces of the node are refused: a guest has no way to have them. */
    @Test
    void nothingOfTheNodeIsShared() {
        for (NamespaceOption.Builder option :
                List.of(
                        NamespaceOption.newBuilder().setPid(NamespaceMode.NODE),
                        NamespaceOption.newBuilder().setIpc(NamespaceMode.NODE),
                        NamespaceOption.newBuilder().setNetwork(NamespaceMode.NODE))) {
            assertThatThrownBy(() ->
                            run(
                                    sandbox("host")
                                            .setLinux(
                                                    LinuxPodSandboxConfig.newBuilder()
                                                            .setSecurityContext(
                                                                    LinuxSandboxSecurityContext
                                                                            .newBuilder()
                                                                            .setNamespaceOptions(
                                                                                    option)))))
                    .hasMessageContaining("a sandbox is a virtual machine");
        }
        assertThatThrownBy(() ->
                        run(
                                sandbox("port")
                                        .addPortMappings(
                                                PortMapping.newBuilder()
                                                        .setContainerPort(80)
                                                        .setHostPort(12001))))
                .hasMessageContaining("hostPort");
    }

    @Test
    void aSandboxHasItsNamesItsDnsAndItsSysctls() {
        String one = secured(security -> security);
        assertThat(say(one, "cat /etc/resolv.conf").lines())
                .containsExactly("nameserver 10.10.10.10", "search google.com", "options ndots:8");
        assertThat(say(one, "hostname")).isEqualTo("asked\n");
        assertThat(say(one, "cat /proc/sys/kernel/shm_rmid_forced")).isEqualTo("1\n");
        assertThat(say(one, "cat /proc/sys/fs/mqueue/msg_max")).isEqualTo("100\n");
    }

    // ---- containers ----

    private List<Container> list(ContainerFilter.Builder filter) {
        return hyper.runtime()
                .listContainers(
                        ListContainersRequest.newBuilder()
                                .setFilter(filter.setPodSandboxId(sandbox))
                                .build())
                .getContainersList();
    }

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

    // ---- mounts ----

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

    // ---- security contexts ----

    @Test
    void processesAreTheContainersOrThePods() {
        UnaryOperator<LinuxContainerSecurityContext.Builder> own =
                security ->
                        security.setNamespaceOptions(
                                NamespaceOption.newBuilder().setPid(NamespaceMode.CONTAINER));
        UnaryOperator<LinuxContainerSecurityContext.Builder> shared =
                security ->
                        security.setNamespaceOptions(
                                NamespaceOption.newBuilder().setPid(NamespaceMode.POD));
        assertThat(say(secured(own), "cat /proc/1/cmdline | tr '\\0' ' '"))
                .isEqualTo("sleep 100000 ");
        assertThat(say(secured(shared), "cat /proc/1/comm")).isEqualTo("pause\n");
    }

    @Test
    void processesRunAsTheUsersThatAreAskedFor() {
        assertThat(say(secured(s -> s.setRunAsUser(number(1001))), "id -u")).isEqualTo("1001\n");
        assertThat(say(secured(s -> s.setRunAsUsername("nobody")), "id -un")).isEqualTo("nobody\n");
        assertThat(
                        say(
                                secured(s ->
                                        s.setRunAsUser(number(1001)).setRunAsGroup(number(1002))),
                                "id -g"))
                .isEqualTo("1002\n");
        assertThat(say(secured(s -> s.addSupplementalGroups(1234)), "id -G")).contains("1234");
        assertThatThrownBy(() -> secured(s -> s.setRunAsGroup(number(1002))))
                .hasMessageContaining("run_as_group needs run_as_user");
        assertThat(
                        say(
                                secured(s ->
                                        s.setRunAsUser(number(1000))
                                                .addSupplementalGroups(1234)
                                                .setSupplementalGroupsPolicy(
                                                        SupplementalGroupsPolicy.Strict)),
                                "id -G"))
                .isEqualTo("1000 1234\n");
    }

    @Test
    void aRootFileSystemCanBeReadOnlyAndPartsOfItHidden() {
        assertThat(say(secured(s -> s), "touch /test; ls /test")).isEqualTo("/test\n");
        assertThat(say(secured(s -> s.setReadonlyRootfs(true)), "touch /test"))
                .contains("Read-only file system");
        String hidden =
                secured(s ->
                        s.addMaskedPaths("/etc/passwd")
                                .addMaskedPaths("/root")
                                .addMaskedPaths("/not/there")
                                .addReadonlyPaths("/tmp"));
        assertThat(say(hidden, "cat /etc/passwd")).isEmpty();
        assertThat(say(hidden, "touch /root/x")).contains("touch: /root/x: ");
        assertThat(say(hidden, "touch /tmp/x")).isEqualTo("touch: /tmp/x: Read-only file system\n");
    }

    private String effective(Capability.Builder capabilities) {
        return say(
                        secured(s -> s.setCapabilities(capabilities)),
                        "grep CapEff /proc/self/status | cut -f 2")
                .strip();
    }

    @Test
    void rightsAreGivenAndTaken() {
        String usual = effective(Capability.newBuilder());
        assertThat(effective(Capability.newBuilder().addAddCapabilities("NET_ADMIN")))
                .isEqualTo("%016x".formatted(Long.parseLong(usual, 16) | 1 << 12));
        assertThat(effective(Capability.newBuilder().addDropCapabilities("CHOWN")))
                .isEqualTo("%016x".formatted(Long.parseLong(usual, 16) & ~1L));
        assertThat(effective(Capability.newBuilder().addDropCapabilities("ALL")))
                .isEqualTo("0000000000000000");
        assertThat(
                        Long.bitCount(
                                Long.parseLong(
                                        effective(
                                                Capability.newBuilder().addAddCapabilities("ALL")),
                                        16)))
                .isGreaterThan(35);
        assertThat(
                        say(
                                secured(s -> s.setPrivileged(true)),
                                "ip link add d0 type bridge; hostname x"))
                .doesNotContain("hostname: sethostname");
        assertThat(say(secured(s -> s), "hostname x")).contains("Operation not permitted");
    }

    private String status(
            String key, UnaryOperator<LinuxContainerSecurityContext.Builder> security) {
        return say(secured(security), "grep ^" + key + ": /proc/self/status | cut -f 2").strip();
    }

    private static UnaryOperator<LinuxContainerSecurityContext.Builder> profile(
            SecurityProfile.ProfileType type) {
        return security -> security.setSeccomp(SecurityProfile.newBuilder().setProfileType(type));
    }

    @Test
    void callsAreFilteredAndRightsNotGainedWhenAskedFor() {
        assertThat(status("Seccomp", s -> s)).isEqualTo("0");
        assertThat(status("Seccomp", profile(SecurityProfile.ProfileType.Unconfined)))
                .isEqualTo("0");
        assertThat(status("Seccomp", profile(SecurityProfile.ProfileType.RuntimeDefault)))
                .isEqualTo("2");
        assertThat(
                        status(
                                "Seccomp",
                                s ->
                                        profile(SecurityProfile.ProfileType.RuntimeDefault)
                                                .apply(s.setPrivileged(true))))
                .as("as upstream: what is privileged is not filtered")
                .isEqualTo("0");
        assertThatThrownBy(() -> secured(profile(SecurityProfile.ProfileType.Localhost)))
                .hasMessageContaining("profiles of the node are not offered");
        assertThat(
                        say(
                                secured(s ->
                                        profile(SecurityProfile.ProfileType.Unconfined)
                                                .apply(
                                                        s.setCapabilities(
                                                                Capability.newBuilder()
                                                                        .addAddCapabilities(
                                                                                "SYS_ADMIN")))),
                                "hostname x && hostname"))
                .isEqualTo("x\n");
        assertThat(status("NoNewPrivs", s -> s.setNoNewPrivs(true))).isEqualTo("1");
        assertThat(status("NoNewPrivs", s -> s)).isEqualTo("0");
    }

    // ---- images ----

    private String pull(String name) {
        return hyper.images()
                .pullImage(PullImageRequest.newBuilder().setImage(spec(name)).build())
                .getImageRef();
    }

    private static ImageSpec spec(String name) {
        return ImageSpec.newBuilder().setImage(name).build();
    }

    private Optional<Image> image(String name) {
        var response =
                hyper.images()
                        .imageStatus(ImageStatusRequest.newBuilder().setImage(spec(name)).build());
        return response.hasImage() ? Optional.of(response.getImage()) : Optional.empty();
    }

    private void removeImage(String name) {
        var unused =
                hyper.images()
                        .removeImage(RemoveImageRequest.newBuilder().setImage(spec(name)).build());
    }

    @Test
    void anImageIsKnownByAllItsNamesAndGoesWithAnyOfThem() throws Exception {
        byte[] layer = new byte[1024]; // a tar file with nothing in it
        try (TestRegistry registry =
                TestRegistry.start(Files.createDirectory(folder.resolve("r")))) {
            String here = registry.address() + "/app";
            String other = here.replace("127.0.0.1", "localhost");
            Digest digest = registry.push("app", "v1", "\"User\":\"1002:7\"", layer);
            Digest same = registry.push("app", "latest", "\"User\":\"1002:7\"", layer);
            assertThat(same).isEqualTo(digest);
            Digest named = registry.push("app", "named", "\"User\":\"www-data:users\"", layer);
            assertThat(named).isNotEqualTo(digest);

            String id = pull(here + ":v1");
            assertThat(pull(here)).as("without a tag").isEqualTo(id);
            assertThat(pull(here + "@" + digest)).as("by its digest").isEqualTo(id);
            assertThat(pull(other + ":v1")).as("from elsewhere").isEqualTo(id);
            Image image = image(here + ":v1").orElseThrow();
            assertThat(image.getId()).isEqualTo(id);
            assertThat(image.getSize()).isPositive();
            assertThat(image.getUid().getValue()).isEqualTo(1002);
            assertThat(image.getUsername()).isEmpty();
            assertThat(image.getRepoTagsList())
                    .containsExactlyInAnyOrder(here + ":v1", here + ":latest", other + ":v1");
            List<String> references = new ArrayList<>(image.getRepoTagsList());
            references.addAll(image.getRepoDigestsList());
            references.add(id);
            assertThat(references).allMatch(name -> image(name).equals(Optional.of(image)));

            String second = pull(here + ":named");
            assertThat(second).isNotEqualTo(id);
            assertThat(image(second).orElseThrow().getUsername()).isEqualTo("www-data");
            assertThat(image(second).orElseThrow().getUid().getValue()).isZero();
            assertThat(
                            hyper.images()
                                    .listImages(ListImagesRequest.getDefaultInstance())
                                    .getImagesList())
                    .extracting(Image::getId)
                    .contains(id, second);
            assertThat(
                            hyper.images()
                                    .imageFsInfo(ImageFsInfoRequest.getDefaultInstance())
                                    .getImageFilesystems(0)
                                    .getUsedBytes()
                                    .getValue())
                    .isPositive();

            removeImage(here + ":v1");
            assertThat(references).allMatch(name -> image(name).isEmpty());
            try (ExecutorService many = Executors.newVirtualThreadPerTaskExecutor()) {
                List<Future<?>> removals = new ArrayList<>();
                for (int i = 0; i < 8; i++) {
                    removals.add(many.submit(() -> removeImage(second)));
                }
                for (Future<?> removal : removals) {
                    assertThat(removal.get(30, TimeUnit.SECONDS)).isNull();
                }
            }
            assertThat(image(second)).isEmpty();
        }
    }

    @Test
    void anImageHasOneIdInAllAnswers() {
        String id = image(TestHyper.IMAGE).orElseThrow().getId();
        ContainerConfig.Builder config =
                config(FOREVER)
                        .setImage(
                                ImageSpec.newBuilder()
                                        .setImage(id)
                                        .setUserSpecifiedImage(TestHyper.IMAGE));
        String container = create(config);
        assertThat(hyper.container(container).getImageId()).isEqualTo(id);
        assertThat(hyper.container(container).getImage().getImage()).isEqualTo(TestHyper.IMAGE);
        assertThat(list(ContainerFilter.newBuilder().setId(container)))
                .extracting(Container::getImageId)
                .containsExactly(id);
    }
}
