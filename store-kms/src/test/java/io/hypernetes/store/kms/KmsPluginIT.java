package io.hypernetes.store.kms;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;

import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.Txn;
import io.hypernetes.store.encryption.EncryptedKinds;
import io.hypernetes.store.encryption.EncryptedStore;
import io.hypernetes.store.encryption.EncryptionException;
import io.hypernetes.store.encryption.KeyRing;
import io.hypernetes.store.encryption.MasterKey;
import io.hypernetes.store.kms.rpc.DecryptRequest;
import io.hypernetes.store.kms.rpc.DecryptResponse;
import io.hypernetes.store.kms.rpc.EncryptRequest;
import io.hypernetes.store.kms.rpc.EncryptResponse;
import io.hypernetes.store.kms.rpc.KeyManagementServiceGrpc;
import io.hypernetes.store.kms.rpc.StatusRequest;
import io.hypernetes.store.kms.rpc.StatusResponse;
import io.hypernetes.store.memory.MemoryStore;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A master key that a plug-in keeps, over a real socket. */
class KmsPluginIT {
    private static final StoreKey SECRET = StoreKey.of("/secrets/acme/default/gold");

    @TempDir private Path folder;
    private final Plugin plugin = new Plugin();
    private final MultiThreadIoEventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private Server server;
    private KmsPlugin client;

    /** Turns bits over with a key of its own, and wants back what it noted. */
    private static final class Plugin
            extends KeyManagementServiceGrpc.KeyManagementServiceImplBase {
        private volatile String keyId = "kek-1";
        private volatile String health = "ok";

        @Override
        public void status(StatusRequest request, StreamObserver<StatusResponse> answer) {
            answer.onNext(
                    StatusResponse.newBuilder()
                            .setVersion("v2")
                            .setHealthz(health)
                            .setKeyId(keyId)
                            .build());
            answer.onCompleted();
        }

        @Override
        public void encrypt(EncryptRequest request, StreamObserver<EncryptResponse> answer) {
            answer.onNext(
                    EncryptResponse.newBuilder()
                            .setCiphertext(turned(request.getPlaintext(), keyId))
                            .setKeyId(keyId)
                            .putAnnotations("note.example.com", ByteString.copyFromUtf8(keyId))
                            .build());
            answer.onCompleted();
        }

        @Override
        public void decrypt(DecryptRequest request, StreamObserver<DecryptResponse> answer) {
            ByteString note = request.getAnnotationsOrThrow("note.example.com");
            if (!note.toStringUtf8().equals(request.getKeyId()) || request.getUid().isEmpty()) {
                answer.onError(Status.INVALID_ARGUMENT.asRuntimeException());
                return;
            }
            answer.onNext(
                    DecryptResponse.newBuilder()
                            .setPlaintext(turned(request.getCiphertext(), request.getKeyId()))
                            .build());
            answer.onCompleted();
        }

        private static ByteString turned(ByteString bytes, String key) {
            byte[] turned = bytes.toByteArray();
            for (int i = 0; i < turned.length; i++) {
                turned[i] ^= (byte) key.charAt(i % key.length());
            }
            return ByteString.copyFrom(turned);
        }
    }

    @BeforeEach
    void start() throws IOException {
        Path socket = folder.resolve("kms.sock");
        server =
                NettyServerBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                        .channelType(NioServerDomainSocketChannel.class)
                        .bossEventLoopGroup(loop)
                        .workerEventLoopGroup(loop)
                        .addService(plugin)
                        .build()
                        .start();
        client = KmsPlugin.at(socket);
    }

    @AfterEach
    void stop() {
        client.close();
        server.shutdownNow();
        loop.shutdownGracefully();
    }

    private Store over(MemoryStore memory) {
        MasterKey master = MasterKey.ofService(client, folder.resolve("master.json"));
        return EncryptedStore.open(
                memory,
                EncryptedKinds.of(List.of("secrets")),
                new KeyRing(folder.resolve("keys"), master));
    }

    private static String value(Store store) {
        return new String(
                store.range(KeyRange.ofKey(SECRET), Store.LATEST, 1).entries().getFirst().value(),
                StandardCharsets.UTF_8);
    }

    @Test
    void theNextStartAsksThePluginForTheSameKey() {
        MemoryStore memory = new MemoryStore();
        over(memory).commit(Txn.create(SECRET, "gold".getBytes(StandardCharsets.UTF_8)));
        assertThat(value(memory)).startsWith("enc1:").doesNotContain("gold");
        assertThat(value(over(memory))).isEqualTo("gold");
        memory.close();
    }

    @Test
    void aNewKeyOfThePluginSealsTheMasterKeyAnew() throws IOException {
        MemoryStore memory = new MemoryStore();
        over(memory).commit(Txn.create(SECRET, "gold".getBytes(StandardCharsets.UTF_8)));
        plugin.keyId = "kek-2";
        assertThat(value(over(memory))).isEqualTo("gold");
        assertThat(Files.readString(folder.resolve("master.json"))).contains("kek-2");
        assertThat(value(over(memory))).isEqualTo("gold");
        memory.close();
    }

    @Test
    void aPluginThatIsNotReadyIsAnErrorThatNamesIt() {
        plugin.health = "no token";
        assertThatThrownBy(() -> over(new MemoryStore()))
                .isInstanceOf(EncryptionException.class)
                .hasMessageContaining("no token")
                .hasMessageContaining("kms.sock");
        server.shutdownNow();
        assertThatThrownBy(() -> client.keyId())
                .isInstanceOf(EncryptionException.class)
                .hasMessageContaining("does not answer");
    }
}
