package io.hypernetes.runtime.cri;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.SandboxVolume;
import io.hypernetes.cri.guest.v1.GuestGrpc;
import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.ContainerMetadata;
import io.hypernetes.cri.v1.ContainerState;
import io.hypernetes.cri.v1.ContainerStatus;
import io.hypernetes.cri.v1.ContainerStatusRequest;
import io.hypernetes.cri.v1.CreateContainerRequest;
import io.hypernetes.cri.v1.ExecSyncRequest;
import io.hypernetes.cri.v1.ExecSyncResponse;
import io.hypernetes.cri.v1.ImageServiceGrpc;
import io.hypernetes.cri.v1.ImageSpec;
import io.hypernetes.cri.v1.Mount;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.cri.v1.PodSandboxMetadata;
import io.hypernetes.cri.v1.PodSandboxStatus;
import io.hypernetes.cri.v1.PodSandboxStatusRequest;
import io.hypernetes.cri.v1.RemoveContainerRequest;
import io.hypernetes.cri.v1.RemovePodSandboxRequest;
import io.hypernetes.cri.v1.RunPodSandboxRequest;
import io.hypernetes.cri.v1.RuntimeServiceGrpc;
import io.hypernetes.cri.v1.StartContainerRequest;
import io.hypernetes.cri.v1.StopContainerRequest;
import io.hypernetes.runtime.qemu.QemuConfig;
import io.hypernetes.runtime.qemu.QemuHypervisor;
import io.hypernetes.runtime.qemu.TestGuest;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A runtime over real machines and a client of its socket. */
final class TestHyper {

    static final String IMAGE = "hypernetes/hello";
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path folder;
    private final Hyper hyper;
    private final QemuHypervisor hypervisor;
    private final MultiThreadIoEventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final ManagedChannel channel;

    private TestHyper(Path folder, Hyper hyper, QemuHypervisor hypervisor) {
        this.folder = folder;
        this.hyper = hyper;
        this.hypervisor = hypervisor;
        this.channel =
                NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(hyper.socket()))
                        .channelType(NioDomainSocketChannel.class)
                        .eventLoopGroup(loop)
                        .overrideAuthority("localhost")
                        .usePlaintext()
                        .build();
    }

    static TestHyper start(Path folder) throws IOException, InterruptedException {
        return start(folder, HyperConfig.GUEST_PATIENCE);
    }

    static TestHyper start(Path folder, Duration guestPatience)
            throws IOException, InterruptedException {
        return start(folder, new QemuConfig(TestGuest.directory(), folder), guestPatience);
    }

    static TestHyper start(Path folder, QemuConfig config)
            throws IOException, InterruptedException {
        return start(folder, config, HyperConfig.GUEST_PATIENCE);
    }

    /** With one machine that stands by. */
    static TestHyper startWithSpare(Path folder) throws IOException, InterruptedException {
        return start(
                folder,
                new QemuConfig(TestGuest.directory(), folder),
                HyperConfig.GUEST_PATIENCE,
                new HyperConfig.SpareMachines(1, 1, 128, 1, IMAGE));
    }

    private static TestHyper start(Path folder, QemuConfig config, Duration guestPatience)
            throws IOException, InterruptedException {
        return start(folder, config, guestPatience, HyperConfig.SpareMachines.NONE);
    }

    private static TestHyper start(
            Path folder,
            QemuConfig config,
            Duration guestPatience,
            HyperConfig.SpareMachines spares)
            throws IOException, InterruptedException {
        QemuHypervisor hypervisor = QemuHypervisor.open(config);
        HyperConfig usual = new HyperConfig(folder);
        Hyper hyper =
                Hyper.start(
                        new HyperConfig(
                                folder,
                                usual.socket(),
                                usual.imageLimits(),
                                usual.registries(),
                                usual.copyFrom(),
                                guestPatience,
                                spares),
                        hypervisor,
                        new TestUrls());
        try (InputStream tar = Files.newInputStream(TestGuest.directory().resolve("hello.tar"))) {
            var unused = hyper.images().importTar(tar, Optional.empty());
        }
        return new TestHyper(folder, hyper, hypervisor);
    }

    void close() throws InterruptedException {
        hangUp();
        hyper.close();
    }

    void purge() throws InterruptedException {
        hangUp();
        hyper.purge();
    }

    private void hangUp() throws InterruptedException {
        channel.shutdownNow();
        boolean unused = channel.awaitTermination(5, TimeUnit.SECONDS);
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    RuntimeServiceGrpc.RuntimeServiceBlockingStub runtime() {
        return RuntimeServiceGrpc.newBlockingStub(channel).withDeadlineAfter(4, TimeUnit.MINUTES);
    }

    ImageServiceGrpc.ImageServiceBlockingStub images() {
        return ImageServiceGrpc.newBlockingStub(channel).withDeadlineAfter(2, TimeUnit.MINUTES);
    }

    GuestGrpc.GuestBlockingStub guest() {
        return GuestGrpc.newBlockingStub(channel).withDeadlineAfter(2, TimeUnit.MINUTES);
    }

    EventLog events() {
        return new EventLog(runtime());
    }

    int spares() {
        return hyper.spares();
    }

    List<String> machines() {
        return hypervisor.ids();
    }

    static PodSandboxConfig sandbox(String name) {
        return PodSandboxConfig.newBuilder()
                .setMetadata(
                        PodSandboxMetadata.newBuilder()
                                .setName(name)
                                .setNamespace("default")
                                .setUid("uid-" + name))
                .setHostname(name)
                .build();
    }

    String runSandbox(String name, List<SandboxVolume> volumes) {
        return runtime()
                .runPodSandbox(
                        RunPodSandboxRequest.newBuilder()
                                .setConfig(
                                        sandbox(name).toBuilder()
                                                .setLogDirectory(folder.resolve("logs").toString())
                                                .putAnnotations(
                                                        Annotations.VOLUMES,
                                                        Annotations.write(volumes)))
                                .build())
                .getPodSandboxId();
    }

    String runContainer(String sandbox, String name, String script, Mount... mounts) {
        return runCommand(sandbox, name, List.of("/bin/sh", "-c", script), mounts);
    }

    String runCommand(String sandbox, String name, List<String> command, Mount... mounts) {
        return run(
                sandbox,
                config(name).addAllCommand(command).addAllMounts(Arrays.asList(mounts)).build());
    }

    static ContainerConfig.Builder config(String name) {
        return ContainerConfig.newBuilder()
                .setMetadata(ContainerMetadata.newBuilder().setName(name))
                .setImage(ImageSpec.newBuilder().setImage(IMAGE))
                .setLogPath(name + ".log");
    }

    String run(String sandbox, ContainerConfig config) {
        String id =
                runtime()
                        .createContainer(
                                CreateContainerRequest.newBuilder()
                                        .setPodSandboxId(sandbox)
                                        .setConfig(config)
                                        .build())
                        .getContainerId();
        var unused =
                runtime()
                        .startContainer(
                                StartContainerRequest.newBuilder().setContainerId(id).build());
        return id;
    }

    PodSandboxStatus sandboxStatus(String id) {
        return runtime()
                .podSandboxStatus(PodSandboxStatusRequest.newBuilder().setPodSandboxId(id).build())
                .getStatus();
    }

    ContainerStatus container(String id) {
        return runtime()
                .containerStatus(ContainerStatusRequest.newBuilder().setContainerId(id).build())
                .getStatus();
    }

    ContainerStatus containerNamed(String sandbox, String name) {
        return runtime()
                .podSandboxStatus(
                        PodSandboxStatusRequest.newBuilder().setPodSandboxId(sandbox).build())
                .getContainersStatusesList()
                .stream()
                .filter(status -> status.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    ExecSyncResponse exec(String container, String script) {
        return runtime()
                .execSync(
                        ExecSyncRequest.newBuilder()
                                .setContainerId(container)
                                .addAllCmd(List.of("/bin/sh", "-c", script))
                                .build());
    }

    void stopContainer(String id, long timeout) {
        var unused =
                runtime()
                        .stopContainer(
                                StopContainerRequest.newBuilder()
                                        .setContainerId(id)
                                        .setTimeout(timeout)
                                        .build());
    }

    void removeContainer(String id) {
        var unused =
                runtime()
                        .removeContainer(
                                RemoveContainerRequest.newBuilder().setContainerId(id).build());
    }

    void removeSandbox(String id) {
        var unused =
                runtime()
                        .removePodSandbox(
                                RemovePodSandboxRequest.newBuilder().setPodSandboxId(id).build());
    }

    /** The asynchronous stubs, for streams. */
    GuestGrpc.GuestStub streams() {
        return GuestGrpc.newStub(channel);
    }

    List<String> log(String container) throws IOException {
        Path file = folder.resolve("logs").resolve(container + ".log");
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }

    void awaitLog(String container, String... ends) throws Exception {
        await(
                () -> {
                    try {
                        List<String> lines = log(container);
                        return Stream.of(ends)
                                .allMatch(
                                        end -> lines.stream().anyMatch(line -> line.contains(end)));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                "log of " + container + " with " + List.of(ends));
    }

    void awaitState(String container, ContainerState state) throws InterruptedException {
        await(() -> container(container).getState() == state, container + " " + state);
    }

    private static void await(BooleanSupplier condition, String what) throws InterruptedException {
        Instant end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("waited in vain for " + what);
            }
            Thread.sleep(50);
        }
    }

    /** Stops a sandbox's VMM: nothing in the machine goes on. */
    void stopMachine(String sandbox) throws IOException, InterruptedException {
        String pid = Files.readString(folder.resolve("vm").resolve(sandbox).resolve("pid")).strip();
        if (new ProcessBuilder("kill", "-STOP", pid).start().waitFor() != 0) {
            throw new AssertionError("no process of machine " + sandbox);
        }
    }

    /** Ends a sandbox's VMM, as a crash would. */
    void killMachine(String sandbox) throws InterruptedException {
        List<ProcessHandle> found =
                ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info()
                                        .commandLine()
                                        .orElse("")
                                        .contains("/" + sandbox + "/"))
                        .toList();
        found.forEach(ProcessHandle::destroyForcibly);
        await(() -> found.stream().noneMatch(ProcessHandle::isAlive), "the end of " + sandbox);
        if (found.isEmpty()) {
            throw new AssertionError("no process of machine " + sandbox);
        }
    }
}
