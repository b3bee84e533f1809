package io.hypernetes.cli;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Patch;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.Watch;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.hypernetes.TenantSecurity;
import io.hypernetes.cli.assembly.AuditConfig;
import io.hypernetes.cli.assembly.Cloud;
import io.hypernetes.cli.assembly.CloudConfig;
import io.hypernetes.cli.assembly.Component;
import io.hypernetes.cli.assembly.NetworkRules;
import io.hypernetes.cli.assembly.PodRuntimes;
import io.hypernetes.cli.assembly.Removal;
import io.hypernetes.cli.assembly.StoreLocation;
import io.hypernetes.controlplane.IdentityConfig;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.server.ServerLimits;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Starts an API server in a folder of its own, uses it as clients do, and ends. The build runs it
 * once under {@code -XX:AOTCacheOutput} (JEP 514), so that real starts find their classes loaded,
 * linked and profiled.
 */
@Command(name = "rehearsal", hidden = true, description = "Run by the build.")
final class RehearsalCommand implements Callable<Integer> {

    /** Together they make the code hot enough for the JVM to keep what it found out about it. */
    private static final int CLIENTS = 8;

    private static final int ROUNDS = 250;

    @Override
    public Integer call() throws IOException, InterruptedException {
        // A start reads its options by reflection first.
        new CommandLine(new ServerCommand()).parseArgs("--components", "api", "--port", "0");
        Path folder = Files.createTempDirectory("hypernetes-rehearsal");
        try {
            CloudConfig config =
                    new CloudConfig(
                            folder,
                            folder,
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            PodRuntimes.machines("tcg"),
                            "rehearsal",
                            EnumSet.of(Component.API, Component.CONTROLLERS, Component.SCHEDULER),
                            new StoreLocation.Sqlite(folder.resolve("state.db")),
                            folder.resolve("pki"),
                            IdentityConfig.BUILT_IN,
                            AuditConfig.NONE,
                            NetworkRules.NONE,
                            ServerLimits.DEFAULT,
                            TenantSecurity.OPEN,
                            "v" + Version.NUMBER);
            try (Cloud cloud = new Cloud(config, new Progress(folder.resolve("progress"), false))) {
                Cloud.OperatorAccess access = cloud.start();
                play(access.kubeconfig("https://127.0.0.1:" + access.port()));
            }
        } finally {
            new Removal(folder, folder).deleteState();
        }
        return 0;
    }

    private static void play(Kubeconfig kubeconfig) throws InterruptedException {
        List<Thread> clients = new ArrayList<>();
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        for (int i = 0; i < CLIENTS; i++) {
            String name = "c" + i;
            Thread client =
                    Thread.ofVirtual()
                            .uncaughtExceptionHandler((_, cause) -> failure.set(cause))
                            .start(() -> play(kubeconfig, name));
            clients.add(client);
        }
        for (Thread client : clients) {
            client.join();
        }
        Throwable cause = failure.get();
        if (cause != null) {
            throw new IllegalStateException("the rehearsal failed", cause);
        }
    }

    private static void play(Kubeconfig kubeconfig, String name) {
        try (RemoteClient client = new RemoteClient(kubeconfig)) {
            for (int i = 0; i < ROUNDS; i++) {
                play(client, name + "-" + i);
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("the rehearsal was broken off", e);
        }
    }

    private static void play(RemoteClient client, String name) throws InterruptedException {
        try (Watch watch = client.watch(BuiltinTypes.PODS, Selection.of(Tenant.SYSTEM), "")) {
            life(client, BuiltinTypes.CONFIG_MAPS, configMap(name));
            life(client, BuiltinTypes.PODS, pod(name));
            watch.next(Duration.ofSeconds(1));
        }
    }

    private static void life(RemoteClient client, ResourceType type, ObjectNode object) {
        ObjectNode created = client.create(type, Tenant.SYSTEM, object);
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, "default", Metadata.name(created));
        for (int i = 0; i < 3; i++) {
            client.get(type, key);
        }
        client.list(type, Selection.of(Tenant.SYSTEM, "default"));
        ObjectNode patch = tree("{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
        client.patch(type, key, new Patch.Merge(patch), "");
        client.delete(type, key, DeleteOptions.NOW);
    }

    private static ObjectNode configMap(String name) {
        return tree(
                """
                {"metadata": {"name": "%s", "namespace": "default"}, "data": {"key": "value"}}
                """
                        .formatted(name));
    }

    private static ObjectNode pod(String name) {
        return tree(
                """
                {"metadata": {"name": "%s", "namespace": "default", "labels": {"app": "rehearsal"}},
                 "spec": {"schedulerName": "none", "containers": [{"name": "c", "image": "a.example/b:1",
                   "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}}}]}}
                """
                        .formatted(name));
    }

    private static ObjectNode tree(String json) {
        return Json.parseObject(json.getBytes(StandardCharsets.UTF_8));
    }
}
