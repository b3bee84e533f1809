package io.hypernetes.node;

import io.grpc.ManagedChannel;
import io.hypernetes.api.client.PodAccess;
import io.hypernetes.api.client.PodAccess.ExecOptions;
import io.hypernetes.api.client.PodAccess.Output;
import io.hypernetes.api.client.PodAccess.PortStream;
import io.hypernetes.cri.guest.v1.ProbeRequest;
import io.hypernetes.cri.guest.v1.ProbeResponse;
import io.hypernetes.cri.v1.AttachRequest;
import io.hypernetes.cri.v1.ExecRequest;
import io.hypernetes.cri.v1.RuntimeServiceGrpc;
import io.hypernetes.network.tap.Netns;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The ways into a pod that is processes of this machine: commands by the streams that CRI's Exec
 * and Attach lead to, ports by dialling the loopback address in the pod's own network namespace.
 * Its other addresses are never dialled.
 */
record ContainerdAccess(ManagedChannel channel) implements SandboxAccess {

    private static final Duration QUICK = Duration.ofSeconds(30);

    private RuntimeServiceGrpc.RuntimeServiceBlockingStub runtime() {
        return RuntimeServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(QUICK.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public PodAccess.Process exec(String container, ExecOptions options, Output output) {
        String url =
                runtime()
                        .exec(
                                ExecRequest.newBuilder()
                                        .setContainerId(container)
                                        .addAllCmd(options.command())
                                        .setTty(options.tty())
                                        .setStdin(options.stdin())
                                        .setStdout(true)
                                        .setStderr(!options.tty())
                                        .build())
                        .getUrl();
        return StreamedProcess.open(URI.create(url), options.tty(), options.stdin(), output);
    }

    @Override
    public PodAccess.Process attach(String container, ExecOptions options, Output output) {
        String url =
                runtime()
                        .attach(
                                AttachRequest.newBuilder()
                                        .setContainerId(container)
                                        .setTty(options.tty())
                                        .setStdin(options.stdin())
                                        .setStdout(true)
                                        .setStderr(!options.tty())
                                        .build())
                        .getUrl();
        return StreamedProcess.open(URI.create(url), options.tty(), options.stdin(), output);
    }

    @Override
    public Optional<PortStream> connect(String sandbox, int port, Duration patience) {
        try {
            return Optional.of(new SocketPort(dial(sandbox, port, patience)));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    @Override
    public ProbeResponse probe(ProbeRequest request) {
        Duration timeout = Duration.ofMillis(Math.max(1, request.getTimeoutMillis()));
        long start = System.nanoTime();
        String sandbox = request.getPodSandboxId();
        int port =
                request.hasHttpGet()
                        ? request.getHttpGet().getPort()
                        : request.getTcpConnect().getPort();
        try (PortStream connected = new SocketPort(dial(sandbox, port, timeout))) {
            return request.hasHttpGet()
                    ? HttpProbe.once(
                            connected,
                            request.getHttpGet(),
                            timeout.minusNanos(System.nanoTime() - start))
                    : ProbeResponse.newBuilder().setSuccess(true).build();
        } catch (IOException e) {
            return ProbeResponse.newBuilder().setMessage(String.valueOf(e.getMessage())).build();
        }
    }

    /** A socket stays in the namespace that it was made in. */
    private SocketChannel dial(String sandbox, int port, Duration patience) throws IOException {
        Optional<Netns> namespace =
                ContainerdNetwork.namespace(ContainerdNetwork.status(runtime(), sandbox));
        return namespace.isPresent()
                ? namespace.get().call(() -> connected(port, patience))
                : connected(port, patience);
    }

    private static SocketChannel connected(int port, Duration patience) throws IOException {
        SocketChannel socket = SocketChannel.open();
        try {
            socket.socket()
                    .connect(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port),
                            Math.toIntExact(patience.toMillis()));
            return socket;
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }
}
