package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.GroupResource;
import io.hypernetes.api.GroupVersionKind;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Scope;
import io.hypernetes.api.Storage;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.json.Yaml;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.ExtensionTypes;
import io.hypernetes.controllerruntime.FeedReader;
import io.hypernetes.controllers.NamespaceController;
import io.hypernetes.controlplane.ControlPlane;
import io.hypernetes.controlplane.NoNode;
import io.hypernetes.controlplane.Parts;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.identity.pki.CertificateAuthority;
import io.hypernetes.identity.pki.KeyedCertificate;
import io.hypernetes.server.local.LocalFeed;
import io.hypernetes.server.observe.Observer;
import io.hypernetes.server.observe.ServerMetrics;
import io.hypernetes.store.memory.MemoryStore;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;

/**
 * The commands {@code auth-controller} and {@code admission-webhook} beside a Kubernetes that is
 * one world for all: the front door of an API server without an auth-controller of its own. Their
 * annotation is another than the server's.
 */
class StandaloneAuthControllerIT {

    private static final String ANNOTATION = "example.com/made-by";

    @TempDir private Path directory;

    private final CertificateAuthority authority = CertificateAuthority.inMemory(Clock.systemUTC());
    private final Parts parts = new Parts();
    private final List<Process> commands = new ArrayList<>();
    private String url = "";
    private RemoteClient operator;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        MemoryStore store = parts.closing(new MemoryStore());
        ControlPlane plane = parts.closing(ControlPlane.open(store, authority, Clock.systemUTC()));
        FeedReader feed = parts.closing(new FeedReader(new LocalFeed(plane.registry())));
        parts.closing(
                        new NamespaceController(
                                plane.client(), plane.registry().types(), feed, Clock.systemUTC()))
                .start();
        feed.start();
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        ControlPlane.Listening listening =
                parts.closing(
                        plane.listen(
                                any,
                                Observer.unaudited(new ServerMetrics()),
                                List.of(),
                                new NoNode()));
        url = "https://127.0.0.1:" + listening.port();
        operator = parts.closing(RemoteClient.ofOneWorld(config(authority.operator())));
    }

    @AfterEach
    void end() throws InterruptedException {
        for (Process command : commands) {
            command.destroyForcibly().waitFor();
        }
        parts.close();
    }

    @Test
    void usersAndNamespacesOfOneSharedWorld() throws IOException, InterruptedException {
        Path kubeconfig = directory.resolve("operator.kubeconfig");
        config(authority.operator()).write(kubeconfig, "it", Optional.empty());
        applyWebhook();
        Process leader = command("auth-controller", "--kubeconfig=" + kubeconfig, annotation());
        ResourceType users = users();
        until(() -> {
            operator.create(users, Tenant.SYSTEM, user("alice"));
            return true;
        });
        until(() -> has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", "alice-namespace-creater"));

        try (RemoteClient alice = person("alice");
                RemoteClient bob = person("bob")) {
            ObjectNode forged = named("web");
            Metadata.ensureAnnotations(forged).put(ANNOTATION, "bob");
            until(() -> post(alice, "/api/v1/namespaces", forged).isEmpty());
            ObjectKey web = new ObjectKey(Tenant.SYSTEM, "", "web");
            ObjectNode made = operator.get(BuiltinTypes.NAMESPACES, web);
            assertThat(Metadata.annotation(made, ANNOTATION)).isEqualTo("alice");
            Metadata.ensureAnnotations(made).put(ANNOTATION, "bob");
            ObjectNode kept = operator.update(BuiltinTypes.NAMESPACES, Tenant.SYSTEM, made);
            assertThat(Metadata.annotation(kept, ANNOTATION)).isEqualTo("alice");
            until(() -> has(BuiltinTypes.ROLE_BINDINGS, "web", "namespace-binding"));
            String maps = "/api/v1/namespaces/web/configmaps";
            until(() -> post(alice, maps, named("mine")).isEmpty());
            Metadata.ensureAnnotations(kept).put(ANNOTATION, "bob");
            String status = "/api/v1/namespaces/web/status";
            ObjectNode answer = alice.send("PUT", status, Optional.of(kept), "application/json");
            assertThat(Metadata.annotation(answer, ANNOTATION)).isEqualTo("alice");
            assertThat(post(bob, maps, named("other"))).isEqualTo("Forbidden");

            // Whose namespace it is may write Users into it, who are nobody.
            String friends = "/apis/stable.example.com/v1/namespaces/web/users";
            ObjectNode friend = named("bob").put("username", "bob");
            friend.put("apiVersion", "stable.example.com/v1").put("kind", "User");
            assertThat(post(alice, friends, friend)).isEmpty();
            assertThat(post(bob, "/api/v1/namespaces", named("bobs"))).isEqualTo("Forbidden");

            leader.destroyForcibly().waitFor();
            operator.delete(
                    users, new ObjectKey(Tenant.SYSTEM, "default", "alice"), DeleteOptions.DEFAULT);
            assertThat(has(BuiltinTypes.NAMESPACES, "", "web")).isTrue();
            command("auth-controller", "--kubeconfig=" + kubeconfig, annotation());
            until(() -> !has(BuiltinTypes.NAMESPACES, "", "web"));
            until(() -> !has(BuiltinTypes.CLUSTER_ROLE_BINDINGS, "", "alice-namespace-creater"));
            assertThat(post(alice, "/api/v1/namespaces", named("late"))).isEqualTo("Forbidden");
        }
    }

    private void applyWebhook() throws IOException {
        KeyedCertificate own = authority.serverCertificate(List.of("127.0.0.1"));
        Path certificate = Files.writeString(directory.resolve("tls.crt"), own.certificatePem());
        Path key = Files.writeString(directory.resolve("tls.key"), own.keyPem());
        Path signer = Files.writeString(directory.resolve("ca.crt"), authority.certificatePem());
        command(
                "admission-webhook",
                "--port=0",
                "--tls-cert-file=" + certificate,
                "--tls-private-key-file=" + key,
                "--ca-file=" + signer,
                annotation());
        Path printed = output(commands.size());
        until(() -> Files.readString(printed).contains("listening on"));
        String text = Files.readString(printed).replaceAll("(?s)listening on.*", "");
        JsonNode configuration = Yaml.parse(text.getBytes(StandardCharsets.UTF_8)).tree();
        operator.create(
                ExtensionTypes.MUTATING_WEBHOOK_CONFIGURATIONS,
                Tenant.SYSTEM,
                (ObjectNode) configuration);
    }

    /** As the definition has it that the command makes. */
    private static ResourceType users() {
        GroupVersionKind kind = new GroupVersionKind("stable.example.com", "v1", "User");
        GroupResource id = new GroupResource(kind.group(), "users");
        return new ResourceType(
                id,
                kind.version(),
                kind.kind(),
                "user",
                List.of(),
                List.of(),
                Scope.NAMESPACED,
                Set.of(),
                BuiltinTypes.USERS.schema(),
                Storage.single(id, kind),
                List.of(),
                BuiltinTypes.USERS.strategy());
    }

    private static String annotation() {
        return "--annotation=" + ANNOTATION;
    }

    private Process command(String... arguments) throws IOException {
        Path output = output(commands.size() + 1);
        Process process = Commands.start(Map.of(), output, Commands.program(arguments));
        commands.add(process);
        return process;
    }

    private Path output(int command) {
        return directory.resolve("output" + command);
    }

    /** Somebody with a certificate of the operator's world and no right at all. */
    private RemoteClient person(String name) {
        return RemoteClient.ofOneWorld(config(authority.tenant(Tenant.SYSTEM, name)));
    }

    private Kubeconfig config(KeyedCertificate certificate) {
        Kubeconfig.Proof proof =
                new Kubeconfig.Proof.Certificate(
                        certificate.certificatePem(), certificate.keyPem());
        return new Kubeconfig(url, authority.certificatePem(), "it", proof);
    }

    private static String post(RemoteClient client, String path, ObjectNode body) {
        try {
            client.send("POST", path, Optional.of(body), "application/json");
            return "";
        } catch (ApiException e) {
            return e.status().reason().text();
        }
    }

    private static ObjectNode user(String name) {
        ObjectNode user = named(name).put("username", name);
        user.withObject("metadata").put("namespace", "default");
        return user;
    }

    private static ObjectNode named(String name) {
        ObjectNode object = Json.object();
        object.putObject("metadata").put("name", name);
        return object;
    }

    private boolean has(ResourceType type, String namespace, String name) {
        return operator.find(type, new ObjectKey(Tenant.SYSTEM, namespace, name)).isPresent();
    }

    private static void until(Callable<Boolean> holds) {
        await().atMost(Duration.ofMinutes(5))
                .pollInterval(Duration.ofMillis(300))
                .ignoreExceptionsInstanceOf(ApiException.class)
                .until(holds);
    }
}
