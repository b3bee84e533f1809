package io.hypernetes.store.kms;

import com.google.protobuf.ByteString;

import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.hypernetes.store.encryption.EncryptionException;
import io.hypernetes.store.encryption.KeyService;
import io.hypernetes.store.kms.rpc.DecryptRequest;
import io.hypernetes.store.kms.rpc.EncryptRequest;
import io.hypernetes.store.kms.rpc.EncryptResponse;
import io.hypernetes.store.kms.rpc.KeyManagementServiceGrpc;
import io.hypernetes.store.kms.rpc.KeyManagementServiceGrpc.KeyManagementServiceBlockingStub;
import io.hypernetes.store.kms.rpc.StatusRequest;
import io.hypernetes.store.kms.rpc.StatusResponse;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;

import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** A key service behind a socket. */
public final class KmsPlugin implements KeyService, AutoCloseable {
    private static final int PATIENCE_SECONDS = 10;
    private static final String VERSION = "v2";

    private final Path socket;
    private final ManagedChannel channel;
    private final MultiThreadIoEventLoopGroup loop;

    private KmsPlugin(Path socket, ManagedChannel channel, MultiThreadIoEventLoopGroup loop) {
        this.socket = socket;
        this.channel = channel;
        this.loop = loop;
    }

    /** Connects when it is first asked. */
    public static KmsPlugin at(Path socket) {
        MultiThreadIoEventLoopGroup loop =
                new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                        .channelType(NioDomainSocketChannel.class)
                        .eventLoopGroup(loop)
                        .overrideAuthority("localhost")
                        .usePlaintext()
                        .build();
        return new KmsPlugin(socket, channel, loop);
    }

    @Override
    public Sealed seal(byte[] secret) {
        EncryptResponse answer =
                ask(stub ->
                        stub.encrypt(
                                EncryptRequest.newBuilder()
                                        .setPlaintext(ByteString.copyFrom(secret))
                                        .setUid(UUID.randomUUID().toString())
                                        .build()));
        Map<String, byte[]> annotations = new HashMap<>();
        answer.getAnnotationsMap()
                .forEach((name, value) -> annotations.put(name, value.toByteArray()));
        return new Sealed(answer.getCiphertext().toByteArray(), answer.getKeyId(), annotations);
    }

    @Override
    public byte[] open(Sealed sealed) {
        DecryptRequest.Builder request =
                DecryptRequest.newBuilder()
                        .setCiphertext(ByteString.copyFrom(sealed.bytes()))
                        .setUid(UUID.randomUUID().toString())
                        .setKeyId(sealed.keyId());
        sealed.annotations()
                .forEach((name, value) -> request.putAnnotations(name, ByteString.copyFrom(value)));
        return ask(stub -> stub.decrypt(request.build())).getPlaintext().toByteArray();
    }

    @Override
    public String keyId() {
        StatusResponse status = ask(stub -> stub.status(StatusRequest.getDefaultInstance()));
        // A beta version may follow: v2beta1 speaks the same.
        if (!status.getVersion().startsWith(VERSION) || !status.getHealthz().equals("ok")) {
            throw new EncryptionException(
                    "the KMS plug-in at %s is not ready: version \"%s\", health \"%s\""
                            .formatted(socket, status.getVersion(), status.getHealthz()));
        }
        return status.getKeyId();
    }

    private <T> T ask(Function<KeyManagementServiceBlockingStub, T> call) {
        try {
            return call.apply(
                    KeyManagementServiceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (StatusRuntimeException e) {
            throw new EncryptionException(
                    "the KMS plug-in at " + socket + " does not answer: " + e.getStatus(), e);
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
