package io.hypernetes.runtime.cri;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * gRPC on a UNIX socket, by the JDK's own socket channels, so without native libraries. Who may
 * connect is decided by the file: it is the owner's alone, and so is its folder while it is made.
 */
final class CriSocket implements AutoCloseable {

    /** A WriteVolume request may be this large. */
    private static final int MAX_MESSAGE = 8 << 20;

    private final Path path;
    private final Server server;
    private final EventLoopGroup loop;
    private final ExecutorService calls = Executors.newVirtualThreadPerTaskExecutor();

    private CriSocket(Path path, List<BindableService> services) {
        this.path = path;
        this.loop =
                new MultiThreadIoEventLoopGroup(
                        2,
                        Thread.ofPlatform().daemon().name("cri-", 0).factory(),
                        NioIoHandler.newFactory());
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(path))
                        .channelType(NioServerDomainSocketChannel.class)
                        .bossEventLoopGroup(loop)
                        .workerEventLoopGroup(loop)
                        .executor(calls)
                        .maxInboundMessageSize(MAX_MESSAGE)
                        .permitKeepAliveWithoutCalls(true);
        services.forEach(builder::addService);
        this.server = builder.build();
    }

    /** Serves; a socket that an earlier process has left is replaced. */
    static CriSocket open(Path path, List<BindableService> services) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        if (folder != null && !Files.exists(folder)) {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
        }
        Files.deleteIfExists(path);
        CriSocket socket = new CriSocket(path, services);
        socket.server.start();
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        return socket;
    }

    /** Ends calls that run; new ones are refused at once. */
    @Override
    public void close() throws IOException {
        server.shutdownNow();
        try {
            boolean unused = server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        calls.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        Files.deleteIfExists(path);
    }
}
