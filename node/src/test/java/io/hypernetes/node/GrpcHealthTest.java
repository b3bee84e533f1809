package io.hypernetes.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/** The health protocol with a real gRPC server, and with what is none. */
class GrpcHealthTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final GrpcHealth health = new GrpcHealth();

    @AfterEach
    void end() {
        health.close();
    }

    /** Raw messages, so that what is tested is not what the test is made of. */
    private static final class Raw implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Server serve(String method, UnaryOperator<byte[]> answer) throws IOException {
        MethodDescriptor<byte[], byte[]> check =
                MethodDescriptor.<byte[], byte[]>newBuilder()
                        .setType(MethodDescriptor.MethodType.UNARY)
                        .setFullMethodName("grpc.health.v1.Health/" + method)
                        .setRequestMarshaller(new Raw())
                        .setResponseMarshaller(new Raw())
                        .build();
        return NettyServerBuilder.forAddress(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .addService(
                        ServerServiceDefinition.builder("grpc.health.v1.Health")
                                .addMethod(
                                        check,
                                        ServerCalls.asyncUnaryCall((request, observer) -> {
                                            try {
                                                observer.onNext(answer.apply(request));
                                                observer.onCompleted();
                                            } catch (StatusRuntimeException e) {
                                                observer.onError(e);
                                            }
                                        }))
                                .build())
                .build()
                .start();
    }

    private String ask(Server server, String service, Duration timeout) throws IOException {
        try {
            return health.check(LoopbackPort.to(server.getPort()), service, timeout)
                    .orElse("healthy");
        } finally {
            server.shutdownNow();
        }
    }

    private String ask(UnaryOperator<byte[]> answer, String service) throws IOException {
        return ask(serve("Check", answer), service, PATIENCE);
    }

    @Test
    void servingIsHealthyAndTheServiceIsNamed() throws IOException {
        byte[] web = "\n\3web".getBytes(StandardCharsets.UTF_8);
        assertThat(ask(_ -> new byte[] {8, 1}, "")).isEqualTo("healthy");
        assertThat(
                        ask(
                                request ->
                                        new byte[] {
                                            8, (byte) (Arrays.equals(request, web) ? 1 : 2)
                                        },
                                "web"))
                .isEqualTo("healthy");
    }

    @Test
    void otherAnswersAreFailuresInUpstreamsWords() throws IOException {
        assertThat(ask(_ -> new byte[] {8, 2}, ""))
                .isEqualTo("service unhealthy (responded with \"NOT_SERVING\")");
        assertThat(ask(_ -> new byte[0], ""))
                .isEqualTo("service unhealthy (responded with \"UNKNOWN\")");
        assertThat(ask(_ -> new byte[] {8, 77}, ""))
                .isEqualTo("service unhealthy (responded with \"77\")");
        assertThat(
                        ask(
                                _ -> {
                                    throw Status.NOT_FOUND
                                            .withDescription("no such thing")
                                            .asRuntimeException();
                                },
                                ""))
                .isEqualTo(
                        "error: health rpc probe failed: rpc error: code = NOT_FOUND desc = no such"
                                + " thing");
        assertThat(ask(serve("Other", request -> request), "", PATIENCE))
                .startsWith(
                        "error: this server does not implement the grpc health protocol"
                                + " (grpc.health.v1.Health): ");
    }

    @Test
    void whatTakesTooLongOrSpeaksSomethingElseFails() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            LoopbackPort to = LoopbackPort.to(silent.getLocalPort());
            assertThat(health.check(to, "", Duration.ofSeconds(1)))
                    .contains("timeout: health rpc did not complete within 1s");
        }
        try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            Thread server = Thread.ofVirtual().start(() -> greet(other));
            LoopbackPort to = LoopbackPort.to(other.getLocalPort());
            assertThat(health.check(to, "", PATIENCE).orElse("healthy"))
                    .startsWith("error: health rpc probe failed: ");
            server.interrupt();
        }
    }

    private static void greet(ServerSocket server) {
        try (Socket connection = server.accept()) {
            connection
                    .getOutputStream()
                    .write("220 mail\r\n".repeat(20).getBytes(StandardCharsets.UTF_8));
            connection.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException _) {
            // The other side has seen enough.
        }
    }
}
