package io.hypernetes.node;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.hypernetes.api.client.PodAccess.PortStream;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One question of the health protocol of gRPC ({@code grpc.health.v1.Health/Check}) over a
 * connection to a port of a guest, with the answers that upstream's kubelet gives.
 *
 * <p>Its two messages have one field each, so they are written here and not generated.
 */
final class GrpcHealth implements AutoCloseable {

    private static final int SERVING = 1;
    private static final String[] WORDS = {"UNKNOWN", "SERVING", "NOT_SERVING", "SERVICE_UNKNOWN"};

    /** What comes from a guest is hostile: nobody needs more than this for a number. */
    private static final int LARGEST_ANSWER = 4096;

    private static final int LARGEST_HEADERS = 16 * 1024;

    private static final MethodDescriptor<String, Integer> CHECK =
            MethodDescriptor.<String, Integer>newBuilder()
                    .setType(MethodDescriptor.MethodType.UNARY)
                    .setFullMethodName("grpc.health.v1.Health/Check")
                    .setRequestMarshaller(new Service())
                    .setResponseMarshaller(new ServingStatus())
                    .build();

    /** Moves bytes inside this process, for all probes; has no thread before the first. */
    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, LocalIoHandler.newFactory());

    /**
     * @param service may be empty: the server as a whole
     * @return what is wrong; empty when it serves
     */
    Optional<String> check(PortStream port, String service, Duration timeout) {
        try (LocalBridge bridge = LocalBridge.to(port, loop)) {
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress(bridge.address())
                            .channelFactory(InProcess::new)
                            .eventLoopGroup(loop)
                            .directExecutor()
                            .overrideAuthority("localhost")
                            .userAgent("kube-probe/1.36")
                            .maxInboundMessageSize(LARGEST_ANSWER)
                            .maxInboundMetadataSize(LARGEST_HEADERS)
                            .disableRetry()
                            .usePlaintext()
                            .build();
            try {
                return ask(channel, service, timeout);
            } finally {
                channel.shutdownNow();
            }
        }
    }

    @Override
    public void close() {
        var unused = loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }

    private static Optional<String> ask(ManagedChannel channel, String service, Duration timeout) {
        try {
            int status =
                    ClientCalls.blockingUnaryCall(
                            channel,
                            CHECK,
                            CallOptions.DEFAULT.withDeadlineAfter(
                                    timeout.toMillis(), TimeUnit.MILLISECONDS),
                            service);
            return status == SERVING
                    ? Optional.empty()
                    : Optional.of("service unhealthy (responded with \"" + word(status) + "\")");
        } catch (StatusRuntimeException e) {
            return Optional.of(failure(e, timeout));
        }
    }

    private static String word(int status) {
        return status >= 0 && status < WORDS.length ? WORDS[status] : Integer.toString(status);
    }

    private static String failure(StatusRuntimeException e, Duration timeout) {
        return switch (e.getStatus().getCode()) {
            case UNIMPLEMENTED ->
                    "error: this server does not implement the grpc health protocol"
                            + " (grpc.health.v1.Health): "
                            + PodRuntime.message(e);
            case DEADLINE_EXCEEDED ->
                    "timeout: health rpc did not complete within " + timeout.toSeconds() + "s";
            default ->
                    "error: health rpc probe failed: rpc error: code = "
                            + e.getStatus().getCode()
                            + " desc = "
                            + PodRuntime.message(e);
        };
    }

    /** gRPC asks each channel to keep its peer alive, which means nothing inside a process. */
    private static final class InProcess extends LocalChannel {
        /** Made when first asked for: the parent's constructor does that. */
        private @Nullable ChannelConfig config;

        @Override
        public ChannelConfig config() {
            ChannelConfig known = config;
            if (known == null) {
                known =
                        new DefaultChannelConfig(this) {
                            @Override
                            public <T> boolean setOption(ChannelOption<T> option, T value) {
                                return option == ChannelOption.SO_KEEPALIVE
                                        || super.setOption(option, value);
                            }
                        };
                config = known;
            }
            return known;
        }
    }

    /** {@code message HealthCheckRequest { string service = 1; }} */
    private static final class Service implements MethodDescriptor.Marshaller<String> {
        @Override
        public InputStream stream(String service) {
            try {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                CodedOutputStream out = CodedOutputStream.newInstance(bytes);
                if (!service.isEmpty()) {
                    out.writeString(1, service);
                }
                out.flush();
                return new ByteArrayInputStream(bytes.toByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String parse(InputStream stream) {
            throw new UnsupportedOperationException("only servers read requests");
        }
    }

    /** {@code message HealthCheckResponse { ServingStatus status = 1; }} */
    private static final class ServingStatus implements MethodDescriptor.Marshaller<Integer> {
        private static final int FIELD = 1 << 3;

        @Override
        public InputStream stream(Integer status) {
            throw new UnsupportedOperationException("only servers write answers");
        }

        @Override
        public Integer parse(InputStream stream) {
            try {
                CodedInputStream in = CodedInputStream.newInstance(stream);
                int status = 0;
                for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
                    if (tag == FIELD) {
                        status = in.readEnum();
                    } else if (!in.skipField(tag)) {
                        break;
                    }
                }
                return status;
            } catch (IOException e) {
                throw new UncheckedIOException("not a HealthCheckResponse", e);
            }
        }
    }
}
