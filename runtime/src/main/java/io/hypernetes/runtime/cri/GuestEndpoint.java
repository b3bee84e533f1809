package io.hypernetes.runtime.cri;

import com.google.protobuf.ByteString;

import io.grpc.stub.StreamObserver;
import io.hypernetes.cri.Annotations;
import io.hypernetes.cri.SandboxVolume;
import io.hypernetes.cri.guest.v1.AttachInput;
import io.hypernetes.cri.guest.v1.ExecInput;
import io.hypernetes.cri.guest.v1.ExecOutput;
import io.hypernetes.cri.guest.v1.GuestGrpc;
import io.hypernetes.cri.guest.v1.HttpGet;
import io.hypernetes.cri.guest.v1.HttpHeader;
import io.hypernetes.cri.guest.v1.ImportImageRequest;
import io.hypernetes.cri.guest.v1.ImportImageResponse;
import io.hypernetes.cri.guest.v1.PortForwardInput;
import io.hypernetes.cri.guest.v1.PortForwardOutput;
import io.hypernetes.cri.guest.v1.ProbeRequest;
import io.hypernetes.cri.guest.v1.ProbeResponse;
import io.hypernetes.cri.guest.v1.ReadVolumeRequest;
import io.hypernetes.cri.guest.v1.ReadVolumeResponse;
import io.hypernetes.cri.guest.v1.SandboxStatsRequest;
import io.hypernetes.cri.guest.v1.SandboxStatsResponse;
import io.hypernetes.cri.guest.v1.TcpConnect;
import io.hypernetes.cri.guest.v1.VolumeFile;
import io.hypernetes.cri.guest.v1.VolumeStats;
import io.hypernetes.cri.guest.v1.WriteVolumeRequest;
import io.hypernetes.cri.guest.v1.WriteVolumeResponse;
import io.hypernetes.runtime.agent.GuestAgent;
import io.hypernetes.runtime.agent.GuestFile;
import io.hypernetes.runtime.agent.GuestStats;
import io.hypernetes.runtime.agent.HttpProbe;
import io.hypernetes.runtime.agent.ProbeResult;
import io.hypernetes.runtime.agent.TcpProbe;
import io.hypernetes.runtime.image.ImageStore;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** The guest service; see {@code guest.proto} for what its calls mean. */
final class GuestEndpoint extends GuestGrpc.GuestImplBase {

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);
    private static final int DEFAULT_MODE = 0644;

    private final Sandboxes sandboxes;
    private final Containers containers;
    private final ImageStore images;

    GuestEndpoint(Sandboxes sandboxes, Containers containers, ImageStore images) {
        this.sandboxes = sandboxes;
        this.containers = containers;
        this.images = images;
    }

    @Override
    public void probe(ProbeRequest request, StreamObserver<ProbeResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    GuestAgent agent = sandboxes.get(request.getPodSandboxId()).agent();
                    Duration timeout =
                            request.getTimeoutMillis() > 0
                                    ? Duration.ofMillis(request.getTimeoutMillis())
                                    : DEFAULT_TIMEOUT;
                    ProbeResult result =
                            switch (request.getActionCase()) {
                                case HTTP_GET -> agent.probe(http(request.getHttpGet(), timeout));
                                case TCP_CONNECT ->
                                        agent.probe(tcp(request.getTcpConnect(), timeout));
                                case ACTION_NOT_SET ->
                                        throw Failures.invalid("the probe has no action");
                            };
                    return ProbeResponse.newBuilder()
                            .setSuccess(result.success())
                            .setMessage(result.message())
                            .setHttpStatus(result.httpStatus())
                            .build();
                });
    }

    private static HttpProbe http(HttpGet get, Duration timeout) {
        if (!get.getScheme().isEmpty() && !get.getScheme().equalsIgnoreCase("http")) {
            throw Failures.unimplemented(
                    "probes by " + get.getScheme() + " are not supported yet, only by HTTP");
        }
        Map<String, String> headers = new LinkedHashMap<>();
        for (HttpHeader header : get.getHeadersList()) {
            headers.put(header.getName(), header.getValue());
        }
        String path = get.getPath().startsWith("/") ? get.getPath() : "/" + get.getPath();
        return new HttpProbe(get.getHost(), get.getPort(), path, headers, timeout);
    }

    private static TcpProbe tcp(TcpConnect connect, Duration timeout) {
        return new TcpProbe(connect.getHost(), connect.getPort(), timeout);
    }

    @Override
    public void writeVolume(
            WriteVolumeRequest request, StreamObserver<WriteVolumeResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    Sandbox sandbox = sandboxes.get(request.getPodSandboxId());
                    List<GuestFile> files =
                            request.getFilesList().stream().map(GuestEndpoint::file).toList();
                    sandbox.agent()
                            .writeFiles(
                                    request.getVolume(),
                                    files,
                                    fsGroup(sandbox, request.getVolume()));
                    return WriteVolumeResponse.getDefaultInstance();
                });
    }

    @Override
    public void readVolume(ReadVolumeRequest request, StreamObserver<ReadVolumeResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    byte[] content =
                            sandboxes
                                    .get(request.getPodSandboxId())
                                    .agent()
                                    .readFile(request.getVolume(), request.getPath());
                    return ReadVolumeResponse.newBuilder()
                            .setContent(ByteString.copyFrom(content))
                            .build();
                });
    }

    private static OptionalLong fsGroup(Sandbox sandbox, String name) {
        for (SandboxVolume volume :
                Annotations.volumes(sandbox.record().config().getAnnotationsMap())) {
            if (volume.name().equals(name) && volume instanceof SandboxVolume.Files files) {
                return files.fsGroup();
            }
        }
        throw Failures.invalid("the sandbox has no volume of files named '" + name + "'");
    }

    private static GuestFile file(VolumeFile file) {
        return new GuestFile(
                file.getPath(),
                file.getMode() == 0 ? DEFAULT_MODE : file.getMode() & 07777,
                file.getContent().toByteArray());
    }

    @Override
    public StreamObserver<ExecInput> exec(StreamObserver<ExecOutput> observer) {
        return Duplex.serve(observer, call -> GuestStreams.exec(call, containers));
    }

    @Override
    public StreamObserver<AttachInput> attach(StreamObserver<ExecOutput> observer) {
        return Duplex.serve(observer, call -> GuestStreams.attach(call, containers));
    }

    @Override
    public StreamObserver<PortForwardInput> portForward(
            StreamObserver<PortForwardOutput> observer) {
        return Duplex.serve(observer, call -> GuestStreams.portForward(call, sandboxes));
    }

    @Override
    public StreamObserver<ImportImageRequest> importImage(
            StreamObserver<ImportImageResponse> observer) {
        return Duplex.serve(observer, call -> ImageImport.serve(call, images));
    }

    @Override
    public void sandboxStats(
            SandboxStatsRequest request, StreamObserver<SandboxStatsResponse> observer) {
        Calls.answer(
                observer,
                () -> {
                    GuestStats stats = sandboxes.get(request.getPodSandboxId()).agent().stats();
                    SandboxStatsResponse.Builder response = SandboxStatsResponse.newBuilder();
                    stats.volumes()
                            .forEach((name, space) -> response.addVolumes(volume(name, space)));
                    return response.setMemoryTotalBytes(stats.memoryTotalBytes())
                            .setMemoryAvailableBytes(stats.memoryAvailableBytes())
                            .setCpuNanos(stats.cpuNanos())
                            .build();
                });
    }

    private static VolumeStats volume(String name, GuestStats.Space space) {
        return VolumeStats.newBuilder()
                .setName(name)
                .setUsedBytes(space.usedBytes())
                .setCapacityBytes(space.totalBytes())
                .setInodesUsed(space.inodes())
                .build();
    }
}
