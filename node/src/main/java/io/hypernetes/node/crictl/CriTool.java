package io.hypernetes.node.crictl;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.ExecOptions;
import io.hypernetes.api.client.PodAccess.LogOptions;
import io.hypernetes.api.client.PodAccess.Output;
import io.hypernetes.cri.v1.AuthConfig;
import io.hypernetes.cri.v1.Container;
import io.hypernetes.cri.v1.ContainerConfig;
import io.hypernetes.cri.v1.ContainerFilter;
import io.hypernetes.cri.v1.ContainerState;
import io.hypernetes.cri.v1.ContainerStats;
import io.hypernetes.cri.v1.ContainerStatsFilter;
import io.hypernetes.cri.v1.ContainerStatus;
import io.hypernetes.cri.v1.ContainerStatusRequest;
import io.hypernetes.cri.v1.ContainerStatusResponse;
import io.hypernetes.cri.v1.CreateContainerRequest;
import io.hypernetes.cri.v1.ExecSyncRequest;
import io.hypernetes.cri.v1.ExecSyncResponse;
import io.hypernetes.cri.v1.Image;
import io.hypernetes.cri.v1.ImageFilter;
import io.hypernetes.cri.v1.ImageFsInfoRequest;
import io.hypernetes.cri.v1.ImageFsInfoResponse;
import io.hypernetes.cri.v1.ImageServiceGrpc;
import io.hypernetes.cri.v1.ImageSpec;
import io.hypernetes.cri.v1.ImageStatusRequest;
import io.hypernetes.cri.v1.ImageStatusResponse;
import io.hypernetes.cri.v1.ListContainerStatsRequest;
import io.hypernetes.cri.v1.ListContainersRequest;
import io.hypernetes.cri.v1.ListImagesRequest;
import io.hypernetes.cri.v1.ListPodSandboxRequest;
import io.hypernetes.cri.v1.PodSandbox;
import io.hypernetes.cri.v1.PodSandboxConfig;
import io.hypernetes.cri.v1.PodSandboxFilter;
import io.hypernetes.cri.v1.PodSandboxStatusRequest;
import io.hypernetes.cri.v1.PodSandboxStatusResponse;
import io.hypernetes.cri.v1.PortForwardRequest;
import io.hypernetes.cri.v1.PullImageRequest;
import io.hypernetes.cri.v1.RemoveContainerRequest;
import io.hypernetes.cri.v1.RemoveImageRequest;
import io.hypernetes.cri.v1.RemovePodSandboxRequest;
import io.hypernetes.cri.v1.RunPodSandboxRequest;
import io.hypernetes.cri.v1.RuntimeServiceGrpc;
import io.hypernetes.cri.v1.StartContainerRequest;
import io.hypernetes.cri.v1.StatusRequest;
import io.hypernetes.cri.v1.StatusResponse;
import io.hypernetes.cri.v1.StopContainerRequest;
import io.hypernetes.cri.v1.StopPodSandboxRequest;
import io.hypernetes.cri.v1.VersionRequest;
import io.hypernetes.cri.v1.VersionResponse;
import io.hypernetes.node.LogStream;
import io.hypernetes.node.RuntimeConnection;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * A client of a CRI v1 socket for people, with crictl's manners: ids may be given by their start.
 */
public final class CriTool implements AutoCloseable {

    private static final Duration PULL = Duration.ofMinutes(30);

    private final RuntimeConnection connection;
    private final Duration timeout;

    private CriTool(RuntimeConnection connection, Duration timeout) {
        this.connection = connection;
        this.timeout = timeout;
    }

    /**
     * @param timeout of each call but pulls
     */
    public static CriTool open(Path socket, Duration timeout) {
        return new CriTool(RuntimeConnection.open(socket), timeout);
    }

    private RuntimeServiceGrpc.RuntimeServiceBlockingStub runtime(Duration patience) {
        return RuntimeServiceGrpc.newBlockingStub(connection.channel())
                .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private ImageServiceGrpc.ImageServiceBlockingStub images(Duration patience) {
        return ImageServiceGrpc.newBlockingStub(connection.channel())
                .withDeadlineAfter(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static <T> T ask(Supplier<T> call) {
        try {
            return call.get();
        } catch (StatusRuntimeException e) {
            String words = e.getStatus().getDescription();
            Status.Code code = e.getStatus().getCode();
            throw new CriToolException(words == null ? code.toString() : code + ": " + words, e);
        }
    }

    public VersionResponse version() {
        return ask(() -> runtime(timeout).version(VersionRequest.getDefaultInstance()));
    }

    public StatusResponse status() {
        StatusRequest request = StatusRequest.newBuilder().setVerbose(true).build();
        return ask(() -> runtime(timeout).status(request));
    }

    /** Newest first. */
    public List<PodSandbox> pods(PodSandboxFilter filter) {
        ListPodSandboxRequest request =
                ListPodSandboxRequest.newBuilder().setFilter(filter).build();
        return ask(() -> runtime(timeout).listPodSandbox(request)).getItemsList().stream()
                .sorted(Comparator.comparingLong(PodSandbox::getCreatedAt).reversed())
                .toList();
    }

    /** Newest first. */
    public List<Container> containers(ContainerFilter filter) {
        ListContainersRequest request =
                ListContainersRequest.newBuilder().setFilter(filter).build();
        return ask(() -> runtime(timeout).listContainers(request)).getContainersList().stream()
                .sorted(Comparator.comparingLong(Container::getCreatedAt).reversed())
                .toList();
    }

    public List<ContainerStats> stats(ContainerStatsFilter filter) {
        ListContainerStatsRequest request =
                ListContainerStatsRequest.newBuilder().setFilter(filter).build();
        return ask(() -> runtime(timeout).listContainerStats(request)).getStatsList();
    }

    /**
     * @param reference empty for all
     */
    public List<Image> images(String reference) {
        ListImagesRequest request =
                ListImagesRequest.newBuilder()
                        .setFilter(
                                ImageFilter.newBuilder()
                                        .setImage(ImageSpec.newBuilder().setImage(reference)))
                        .build();
        return ask(() -> images(timeout).listImages(request)).getImagesList();
    }

    public ImageFsInfoResponse imageFsInfo() {
        return ask(() -> images(timeout).imageFsInfo(ImageFsInfoRequest.getDefaultInstance()));
    }

    /** The whole id of the one pod whose id begins like this. */
    public String pod(String start) {
        List<String> found =
                pods(PodSandboxFilter.getDefaultInstance()).stream()
                        .map(PodSandbox::getId)
                        .filter(id -> id.startsWith(start))
                        .toList();
        return one(found, "pod sandbox", start);
    }

    /** The whole id of the one container whose id begins like this. */
    public String container(String start) {
        List<String> found =
                containers(ContainerFilter.getDefaultInstance()).stream()
                        .map(Container::getId)
                        .filter(id -> id.startsWith(start))
                        .toList();
        return one(found, "container", start);
    }

    private static String one(List<String> found, String kind, String start) {
        if (found.size() != 1) {
            throw new CriToolException(
                    (found.isEmpty() ? "no " : found.size() + " ")
                            + kind
                            + (found.isEmpty() ? "" : "s")
                            + " with an id that begins with '"
                            + start
                            + "'");
        }
        return found.getFirst();
    }

    public PodSandboxStatusResponse inspectPod(String start) {
        PodSandboxStatusRequest request =
                PodSandboxStatusRequest.newBuilder()
                        .setPodSandboxId(pod(start))
                        .setVerbose(true)
                        .build();
        return ask(() -> runtime(timeout).podSandboxStatus(request));
    }

    public ContainerStatusResponse inspectContainer(String start) {
        ContainerStatusRequest request =
                ContainerStatusRequest.newBuilder()
                        .setContainerId(container(start))
                        .setVerbose(true)
                        .build();
        return ask(() -> runtime(timeout).containerStatus(request));
    }

    public ImageStatusResponse inspectImage(String reference) {
        ImageStatusRequest request =
                ImageStatusRequest.newBuilder()
                        .setImage(ImageSpec.newBuilder().setImage(reference))
                        .setVerbose(true)
                        .build();
        ImageStatusResponse response = ask(() -> images(timeout).imageStatus(request));
        if (!response.hasImage()) {
            throw new CriToolException("no such image: " + reference);
        }
        return response;
    }

    /** A container's log file, which must be on this machine. */
    public InputStream logs(String start, LogOptions options) throws IOException {
        String id = container(start);
        ContainerStatus status = inspectContainer(id).getStatus();
        if (status.getLogPath().isEmpty()) {
            throw new CriToolException("the container '" + id + "' has no log");
        }
        return new LogStream(
                Path.of(status.getLogPath()),
                options,
                Instant.now(),
                () ->
                        inspectContainer(id).getStatus().getState()
                                != ContainerState.CONTAINER_RUNNING);
    }

    /**
     * Runs a command to its end.
     *
     * @param patience zero: as long as it takes
     */
    public ExecSyncResponse exec(String start, List<String> command, Duration patience) {
        ExecSyncRequest request =
                ExecSyncRequest.newBuilder()
                        .setContainerId(container(start))
                        .addAllCmd(command)
                        .setTimeout(patience.toSeconds())
                        .build();
        Duration whole = patience.isZero() ? PULL : patience.plus(timeout);
        return ask(() -> runtime(whole).execSync(request));
    }

    /**
     * Runs a command with this program's streams.
     *
     * @param input empty when it has none
     * @return its exit code
     */
    public int exec(
            String start,
            List<String> command,
            Optional<InputStream> input,
            OutputStream out,
            OutputStream err)
            throws IOException {
        ObjectKey container = new ObjectKey(Tenant.SYSTEM, "", container(start));
        ExecOptions options = new ExecOptions("", command, false, input.isPresent());
        Output output = new Output(out, err);
        try (PodAccess.Process process =
                ask(() -> connection.streamsByAddress().exec(container, options, output))) {
            input.ifPresent(in ->
                    Thread.ofPlatform().daemon().name("stdin").start(() -> feed(in, process)));
            return process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a command runs");
        }
    }

    private static void feed(InputStream in, PodAccess.Process process) {
        try (OutputStream stdin = process.stdin()) {
            long unused = in.transferTo(stdin);
        } catch (IOException e) {
            // The command takes no more: how it ended is what the other direction says.
            return;
        }
    }

    /** The same with the container's own process, whose output is seen from now on. */
    public int attach(String start, Optional<InputStream> input, OutputStream out, OutputStream err)
            throws IOException {
        return exec(start, List.of(), input, out, err);
    }

    /**
     * Leads connections to a port of this machine's loopback to a port of a pod, until this thread
     * is interrupted or the program ends.
     *
     * @param local 0 for any free one
     * @param listening is told the port when it is open
     * @param complaints are told of connections that fail
     */
    public void portForward(
            String start, int local, int port, IntConsumer listening, Consumer<String> complaints)
            throws IOException {
        PortForwardRequest request =
                PortForwardRequest.newBuilder().setPodSandboxId(pod(start)).addPort(port).build();
        Supplier<URI> addresses =
                () -> URI.create(ask(() -> runtime(timeout).portForward(request)).getUrl());
        try (PortForward forward = new PortForward(local, addresses, complaints)) {
            listening.accept(forward.port());
            forward.run();
        }
    }

    /**
     * @param handler empty for the runtime's default
     * @return the sandbox' id
     */
    public String runPod(PodSandboxConfig config, String handler) {
        RunPodSandboxRequest request =
                RunPodSandboxRequest.newBuilder()
                        .setConfig(config)
                        .setRuntimeHandler(handler)
                        .build();
        return ask(() -> runtime(timeout).runPodSandbox(request)).getPodSandboxId();
    }

    /**
     * Makes a container of an image that is here; it does not run yet.
     *
     * @param pod its sandbox' configuration
     * @return the container's id
     */
    public String createContainer(String start, ContainerConfig config, PodSandboxConfig pod) {
        CreateContainerRequest request =
                CreateContainerRequest.newBuilder()
                        .setPodSandboxId(pod(start))
                        .setConfig(config)
                        .setSandboxConfig(pod)
                        .build();
        return ask(() -> runtime(timeout).createContainer(request)).getContainerId();
    }

    public void startContainer(String start) {
        StartContainerRequest request =
                StartContainerRequest.newBuilder().setContainerId(container(start)).build();
        var unused = ask(() -> runtime(timeout).startContainer(request));
    }

    public void stopPod(String start) {
        StopPodSandboxRequest request =
                StopPodSandboxRequest.newBuilder().setPodSandboxId(pod(start)).build();
        var unused = ask(() -> runtime(timeout).stopPodSandbox(request));
    }

    public void removePod(String start) {
        RemovePodSandboxRequest request =
                RemovePodSandboxRequest.newBuilder().setPodSandboxId(pod(start)).build();
        var unused = ask(() -> runtime(timeout).removePodSandbox(request));
    }

    /**
     * @param grace before it is killed
     */
    public void stopContainer(String start, Duration grace) {
        StopContainerRequest request =
                StopContainerRequest.newBuilder()
                        .setContainerId(container(start))
                        .setTimeout(grace.toSeconds())
                        .build();
        var unused = ask(() -> runtime(timeout.plus(grace)).stopContainer(request));
    }

    public void removeContainer(String start) {
        RemoveContainerRequest request =
                RemoveContainerRequest.newBuilder().setContainerId(container(start)).build();
        var unused = ask(() -> runtime(timeout).removeContainer(request));
    }

    public void removeImage(String reference) {
        RemoveImageRequest request =
                RemoveImageRequest.newBuilder()
                        .setImage(ImageSpec.newBuilder().setImage(reference))
                        .build();
        var unused = ask(() -> images(timeout).removeImage(request));
    }

    /**
     * @param credentials {@code user:password}; empty for none
     * @return the image's id
     */
    public String pull(String reference, String credentials) {
        int colon = credentials.indexOf(':');
        AuthConfig auth =
                colon < 0
                        ? AuthConfig.getDefaultInstance()
                        : AuthConfig.newBuilder()
                                .setUsername(credentials.substring(0, colon))
                                .setPassword(credentials.substring(colon + 1))
                                .build();
        PullImageRequest request =
                PullImageRequest.newBuilder()
                        .setImage(ImageSpec.newBuilder().setImage(reference))
                        .setAuth(auth)
                        .build();
        return ask(() -> images(PULL).pullImage(request)).getImageRef();
    }

    @Override
    public void close() {
        connection.close();
    }
}
