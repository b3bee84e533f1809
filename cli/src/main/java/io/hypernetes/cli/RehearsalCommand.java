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
import io.hypernetes.cli.assembly.AuditConfig;
import io.hypernetes.cli.assembly.Cloud;
import io.hypernetes.cli.assembly.CloudConfig;
import io.hypernetes.cli.assembly.Component;
import io.hypernetes.cli.assembly.Removal;
import io.hypernetes.cli.assembly.StoreLocation;
import io.hypernetes.controlplane.IdentityConfig;
import io.hypernetes.httpclient.RemoteClient;

import picocli.CommandLine.Command;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.concurrent.Callable;

/**
 * Starts an API server in a folder of its own, uses it as clients do, and ends. The build runs it
 * once under {@code -XX:AOTCacheOutput} (JEP 514), so that real starts find their classes loaded,
 * linked and profiled.
 */
@Command(name = "rehearsal", hidden = true, description = "Run by the build.")
final class RehearsalCommand implements Callable<Integer> {

    private static final int ROUNDS = 300;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("hypernetes-rehearsal");
        try {
            CloudConfig config =
                    new CloudConfig(
                            folder,
                            folder,
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            "tcg",
                            "rehearsal",
                            EnumSet.of(Component.API, Component.CONTROLLERS, Component.SCHEDULER),
                            new StoreLocation.Sqlite(folder.resolve("state.db")),
                            folder.resolve("pki"),
                            IdentityConfig.BUILT_IN,
                            AuditConfig.NONE,
                            "v" + Version.NUMBER);
            try (Cloud cloud = new Cloud(config, new Progress(folder.resolve("progress"), false))) {
                Cloud.OperatorAccess access = cloud.start();
                String url = "https://127.0.0.1:" + access.port();
                try (RemoteClient client = new RemoteClient(access.kubeconfig(url))) {
                    play(client);
                }
            }
        } finally {
            new Removal(folder, folder).deleteState();
        }
        return 0;
    }

    private static void play(RemoteClient client) {
        for (int i = 0; i < ROUNDS; i++) {
            try (Watch _ = client.watch(BuiltinTypes.PODS, Selection.of(Tenant.SYSTEM), "")) {
                life(client, BuiltinTypes.CONFIG_MAPS, configMap(i));
                life(client, BuiltinTypes.PODS, pod(i));
            }
        }
    }

    private static void life(RemoteClient client, ResourceType type, ObjectNode object) {
        ObjectNode created = client.create(type, Tenant.SYSTEM, object);
        ObjectKey key = new ObjectKey(Tenant.SYSTEM, "default", Metadata.name(created));
        client.get(type, key);
        client.list(type, Selection.of(Tenant.SYSTEM, "default"));
        ObjectNode patch = tree("{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
        client.patch(type, key, new Patch.Merge(patch), "");
        client.delete(type, key, DeleteOptions.NOW);
    }

    private static ObjectNode configMap(int number) {
        return tree(
                """
                {"metadata": {"name": "c-%d", "namespace": "default"}, "data": {"key": "value"}}
                """
                        .formatted(number));
    }

    private static ObjectNode pod(int number) {
        return tree(
                """
                {"metadata": {"name": "p-%d", "namespace": "default", "labels": {"app": "rehearsal"}},
                 "spec": {"schedulerName": "none", "containers": [{"name": "c", "image": "a.example/b:1",
                   "resources": {"requests": {"cpu": "10m", "memory": "16Mi"}}}]}}
                """
                        .formatted(number));
    }

    private static ObjectNode tree(String json) {
        return Json.parseObject(json.getBytes(StandardCharsets.UTF_8));
    }
}
