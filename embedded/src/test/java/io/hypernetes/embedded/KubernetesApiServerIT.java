package io.hypernetes.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

final class KubernetesApiServerIT {
    @TempDir private Path folder;

    @Test
    void twentyServersLiveInOneJvmAndKnowNothingOfEachOther() throws Exception {
        List<KubernetesApiServer> servers = new ArrayList<>();
        try {
            IntStream.range(0, 20)
                    .parallel()
                    .mapToObj(_ -> KubernetesApiServer.builder().start())
                    .toList()
                    .forEach(servers::add);
            assertThat(servers.stream().map(KubernetesApiServer::port)).doesNotHaveDuplicates();
            for (KubernetesApiServer server : servers) {
                World world = server.createTenant("same");
                try (RemoteClient client = client(world)) {
                    client.create(
                            BuiltinTypes.CONFIG_MAPS, world.tenant(), map("port", server.port()));
                }
            }
            for (KubernetesApiServer server : servers) {
                ObjectKey key = new ObjectKey(server.createTenant("b").tenant(), "default", "port");
                assertThat(server.client().find(BuiltinTypes.CONFIG_MAPS, key)).isEmpty();
                ObjectKey made = new ObjectKey(new Tenant("same"), "default", "port");
                assertThat(
                                server.client()
                                        .get(BuiltinTypes.CONFIG_MAPS, made)
                                        .path("data")
                                        .path("value")
                                        .asString())
                        .isEqualTo(String.valueOf(server.port()));
            }
        } finally {
            servers.forEach(KubernetesApiServer::close);
        }
    }

    @Test
    void aWorldsCredentialsOpenNoOther() throws Exception {
        try (KubernetesApiServer server = KubernetesApiServer.builder().start()) {
            World mine = server.createTenant("mine");
            World other = server.createTenant("other");
            try (RemoteClient client = client(mine)) {
                assertThatThrownBy(() ->
                                client.list(BuiltinTypes.CONFIG_MAPS, Selection.of(other.tenant())))
                        .isInstanceOf(ApiException.class)
                        .hasMessageContaining("is not a member of tenant \"other\"");
            }
        }
    }

    @Test
    void aUserWithoutABindingMayNothing() throws Exception {
        try (KubernetesApiServer server = KubernetesApiServer.builder().start()) {
            World world = server.createTenant();
            Path file = folder.resolve("alice");
            Files.writeString(file, world.kubeconfig("alice", "developers"));
            try (RemoteClient alice = new RemoteClient(Kubeconfig.read(file))) {
                assertThatThrownBy(() ->
                                alice.list(BuiltinTypes.SECRETS, Selection.of(world.tenant())))
                        .isInstanceOf(ApiException.class)
                        .hasMessageContaining("User \"alice\" cannot list resource \"secrets\"");
            }
        }
    }

    @Test
    void afterADisconnectTheSamePortServesTheSameObjects() throws Exception {
        try (KubernetesApiServer server = KubernetesApiServer.builder().start()) {
            World world = server.createTenant();
            int port = server.port();
            try (RemoteClient client = client(world)) {
                ObjectNode made =
                        client.create(BuiltinTypes.CONFIG_MAPS, world.tenant(), map("kept", 1));
                server.disconnect();
                assertThat(server.port()).isEqualTo(port);
                ObjectKey key = new ObjectKey(world.tenant(), "default", "kept");
                await().atMost(Duration.ofSeconds(30))
                        .ignoreExceptions()
                        .untilAsserted(() ->
                                assertThat(
                                                Metadata.resourceVersion(
                                                        client.get(BuiltinTypes.CONFIG_MAPS, key)))
                                        .isEqualTo(Metadata.resourceVersion(made)));
            }
        }
    }

    @Test
    void aClosedServerLeavesThePortFree() throws IOException {
        int port;
        try (KubernetesApiServer server = KubernetesApiServer.builder().start()) {
            port = server.port();
            server.createTenant();
        }
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.ofLiteral("127.0.0.1"))) {
            assertThat(socket.isBound()).isTrue();
        }
        try (KubernetesApiServer again = KubernetesApiServer.builder().port(port).start()) {
            assertThat(again.url()).isEqualTo("https://127.0.0.1:" + port);
        }
    }

    @Test
    void aClosedWorldIsEmptiedAndItsTokenIsWorthNothing() throws Exception {
        try (KubernetesApiServer server = KubernetesApiServer.builder().start()) {
            World world = server.createTenant("short");
            try (RemoteClient client = client(world)) {
                client.create(BuiltinTypes.CONFIG_MAPS, world.tenant(), map("some", 1));
                world.close();
                assertThatThrownBy(() ->
                                client.list(BuiltinTypes.CONFIG_MAPS, Selection.of(world.tenant())))
                        .isInstanceOf(ApiException.class)
                        .hasMessageContaining("Unauthorized");
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() ->
                            server.client()
                                    .list(BuiltinTypes.CONFIG_MAPS, Selection.of(world.tenant()))
                                    .items()
                                    .isEmpty());
        }
    }

    private RemoteClient client(World world) throws IOException {
        Path file = Files.createTempFile(folder, "kubeconfig", "");
        Files.writeString(file, world.kubeconfig());
        return new RemoteClient(Kubeconfig.read(file));
    }

    private static ObjectNode map(String name, int value) {
        ObjectNode map = Json.object();
        map.put("apiVersion", "v1").put("kind", "ConfigMap");
        map.putObject("metadata").put("name", name).put("namespace", "default");
        map.putObject("data").put("value", String.valueOf(value));
        return map;
    }
}
