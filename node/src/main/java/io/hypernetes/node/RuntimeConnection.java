package io.hypernetes.node;

import com.google.protobuf.ByteString;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.cri.guest.v1.GuestGrpc;
import io.hypernetes.cri.guest.v1.ImportImageRequest;
import io.hypernetes.cri.guest.v1.ImportImageResponse;
import io.hypernetes.cri.guest.v1.ImportedImage;
import io.hypernetes.cri.v1.Image;
import io.hypernetes.cri.v1.ImageServiceGrpc;
import io.hypernetes.cri.v1.ListImagesRequest;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;

import java.io.IOException;
import java.io.InputStream;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * The connection to the CRI runtime of this machine, over its UNIX socket. Any thread may use it.
 */
public final class RuntimeConnection implements AutoCloseable {

    private static final int CHUNK = 512 * 1024;
    private static final int LARGEST_MESSAGE = 16 << 20;

    private final ManagedChannel channel;
    private final MultiThreadIoEventLoopGroup loop;

    private RuntimeConnection(ManagedChannel channel, MultiThreadIoEventLoopGroup loop) {
        this.channel = channel;
        this.loop = loop;
    }

    /** Connects when it is first used, and again whenever it must. */
    public static RuntimeConnection open(Path socket) {
        MultiThreadIoEventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                        .channelType(NioDomainSocketChannel.class)
                        .eventLoopGroup(loop)
                        .executor(Executors.newVirtualThreadPerTaskExecutor())
                        .overrideAuthority("localhost")
                        .maxInboundMessageSize(LARGEST_MESSAGE)
                        .usePlaintext()
                        .build();
        return new RuntimeConnection(channel, loop);
    }

    /** For this module's own packages. */
    public ManagedChannel channel() {
        return channel;
    }

    /**
     * Exec, attach and ports of what has this id (CRI's), which takes the place of a pod's name.
     */
    public PodAccess streams() {
        return new ContainerStreams(new GuestAccess(channel));
    }

    /** The same of any CRI runtime, by the addresses that its calls of these names answer with. */
    public PodAccess streamsByAddress() {
        return new ContainerStreams(new ContainerdAccess(channel));
    }

    /**
     * Gives the runtime the images of a tar file: an OCI layout, or what {@code docker save} wrote.
     *
     * @return the names they can be used by
     * @throws IOException with the runtime's reason
     */
    public List<String> importImages(InputStream tar) throws IOException {
        CompletableFuture<ImportImageResponse> answer = new CompletableFuture<>();
        GuestCall<ImportImageRequest, ImportImageResponse> call =
                new GuestCall<>(
                        answer::complete,
                        status -> answer.completeExceptionally(new StatusRuntimeException(status)));
        StreamObserver<ImportImageRequest> started = GuestGrpc.newStub(channel).importImage(call);
        try {
            byte[] buffer = new byte[CHUNK];
            for (int n = tar.readNBytes(buffer, 0, CHUNK);
                    n > 0;
                    n = tar.readNBytes(buffer, 0, CHUNK)) {
                call.sendWhenReady(
                        ImportImageRequest.newBuilder()
                                .setData(ByteString.copyFrom(buffer, 0, n))
                                .build());
            }
            started.onCompleted();
        } catch (IOException e) {
            if (!answer.isDone()) {
                throw e;
            }
        }
        return names(answer);
    }

    private static List<String> names(CompletableFuture<ImportImageResponse> answer)
            throws IOException {
        try {
            List<String> names = new ArrayList<>();
            for (ImportedImage image : answer.get().getImagesList()) {
                names.addAll(
                        image.getNamesList().isEmpty()
                                ? List.of(image.getId())
                                : image.getNamesList());
            }
            return names;
        } catch (ExecutionException e) {
            String reason =
                    e.getCause() instanceof StatusRuntimeException failure
                            ? PodRuntime.message(failure)
                            : String.valueOf(e.getMessage());
            throw new IOException(reason, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while importing", e);
        }
    }

    /** An image that is here. */
    public record StoredImage(String id, List<String> names, long bytes) {}

    public List<StoredImage> images() {
        return ImageServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .listImages(ListImagesRequest.getDefaultInstance())
                .getImagesList()
                .stream()
                .map(RuntimeConnection::stored)
                .toList();
    }

    private static StoredImage stored(Image image) {
        return new StoredImage(
                image.getId(), List.copyOf(image.getRepoTagsList()), image.getSize());
    }

    @Override
    public void close() {
        channel.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
