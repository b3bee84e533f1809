package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.ObjectList;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.Watch;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.hypernetes.TenantSecurity;
import io.hypernetes.cli.Progress;
import io.hypernetes.cli.admin.AdminClient;
import io.hypernetes.cli.admin.AdminException;
import io.hypernetes.cli.admin.RestoreRequest;
import io.hypernetes.cli.assembly.AuditConfig;
import io.hypernetes.cli.assembly.Cloud;
import io.hypernetes.cli.assembly.CloudConfig;
import io.hypernetes.cli.assembly.Component;
import io.hypernetes.cli.assembly.NetworkRules;
import io.hypernetes.cli.assembly.PodRuntimes;
import io.hypernetes.cli.assembly.StoreLocation;
import io.hypernetes.controllerruntime.Informer;
import io.hypernetes.controlplane.IdentityConfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.server.ServerLimits;
import io.hypernetes.store.sqlite.SqliteBackup;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.function.BooleanSupplier;

/** A copy is restored while clients write and watch. */
class RestoreIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Selection DEFAULT = Selection.of(Tenant.SYSTEM, "default");

    @TempDir Path directory;

    private Path data() {
        return directory.resolve("data");
    }

    private Path store() {
        return data().resolve("state.db");
    }

    private Cloud cloud(StoreLocation store) throws IOException {
        Files.createDirectories(data());
        CloudConfig config =
                new CloudConfig(
                        data(),
                        data(),
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        PodRuntimes.machines("tcg"),
                        "one",
                        EnumSet.of(Component.API, Component.CONTROLLERS, Component.SCHEDULER),
                        store,
                        directory.resolve("pki"),
                        IdentityConfig.BUILT_IN,
                        AuditConfig.NONE,
                        NetworkRules.NONE,
                        ServerLimits.DEFAULT,
                        TenantSecurity.OPEN,
                        "v0");
        return new Cloud(config, new Progress(data().resolve("progress"), false));
    }

    private static RemoteClient client(Cloud.OperatorAccess access) {
        return new RemoteClient(access.kubeconfig("https://127.0.0.1:" + access.port()));
    }

    private AdminClient admin() {
        return new AdminClient(CloudConfig.adminSocket(data()));
    }

    @Test
    void clientsThatWriteAndWatchGoOnInTheRestoredState() throws IOException, InterruptedException {
        try (Cloud cloud = cloud(new StoreLocation.Sqlite(store()));
                RemoteClient client = client(cloud.start())) {
            namespace(client, "kept");
            await(() -> hasAccount(client, "kept"));
            map(client, "kept");
            Path copy = directory.resolve("copy.db");
            SqliteBackup.backup(store(), copy);
            namespace(client, "later");
            await(() -> hasAccount(client, "later"));
            map(client, "later");
            client.delete(BuiltinTypes.CONFIG_MAPS, key("default", "kept"), DeleteOptions.DEFAULT);

            try (Writer writer = new Writer(client);
                    Informer informer = new Informer(client, BuiltinTypes.CONFIG_MAPS, DEFAULT);
                    Watch watch = watch(client)) {
                informer.start().awaitSynced();
                String before = revision(client);
                await(() -> writer.acknowledged.size() > 20);

                String said = admin().restore(new RestoreRequest(store(), copy));

                assertThat(said).contains("restored the state of revision");
                assertThat(Long.parseLong(revision(client)))
                        .isGreaterThan(Long.parseLong(before) + 1_000_000);
                Set<String> beforehand = new TreeSet<>(writer.acknowledged);
                await(() ->
                        !writer.unexpected.isEmpty()
                                || writer.acknowledged.size() > beforehand.size() + 20);
                writer.close();
                assertThat(names(client)).contains("kept").doesNotContain("later");
                assertThat(writer.unexpected).isEmpty();
                assertThatThrownBy(() -> drain(watch))
                        .isInstanceOfSatisfying(
                                ApiException.class,
                                e -> assertThat(e.status().reason()).isEqualTo(Reason.EXPIRED));
                await(() -> mirrored(informer).equals(names(client)));
                assertThatThrownBy(() ->
                                client.watch(BuiltinTypes.CONFIG_MAPS, DEFAULT, before)
                                        .next(PATIENCE))
                        .isInstanceOfSatisfying(
                                ApiException.class,
                                e -> assertThat(e.status().code()).isEqualTo(410));
                controllersFollow(client);
            }
        }
    }

    /** What was in memory of the old state is gone, and new objects are worked on. */
    private static void controllersFollow(RemoteClient client) throws InterruptedException {
        assertThat(client.find(BuiltinTypes.NAMESPACES, key("", "later"))).isEmpty();
        assertThat(hasAccount(client, "kept")).isTrue();
        namespace(client, "later");
        await(() -> hasAccount(client, "later"));
    }

    @Test
    void whatCannotBeRestoredIsToldAndChangesNothing() throws IOException, InterruptedException {
        try (Cloud cloud = cloud(new StoreLocation.Sqlite(store()));
                RemoteClient client = client(cloud.start())) {
            map(client, "mine");
            Path rubbish = Files.writeString(directory.resolve("rubbish"), "x".repeat(10_000));
            assertThatThrownBy(() -> admin().restore(new RestoreRequest(store(), rubbish)))
                    .isInstanceOf(AdminException.class)
                    .hasMessageContaining("is no copy of a store");
            Path elsewhere = directory.resolve("else.db");
            assertThatThrownBy(() -> admin().restore(new RestoreRequest(elsewhere, rubbish)))
                    .hasMessageContaining("keeps its state in " + store());
            assertThat(names(client)).contains("mine");
            map(client, "more");
            assertThat(Files.getPosixFilePermissions(CloudConfig.adminSocket(data())))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }
        assertThatThrownBy(() -> admin().restore(new RestoreRequest(store(), store())))
                .as("nobody is there any more")
                .hasMessageContaining("cannot be asked");
    }

    @Test
    void aStoreInMemoryHasNothingToRestoreInto() throws IOException, InterruptedException {
        try (Cloud cloud = cloud(new StoreLocation.Memory())) {
            cloud.start();
            assertThatThrownBy(() -> admin().restore(new RestoreRequest(store(), store())))
                    .hasMessageContaining("does not keep its state in a file");
        }
    }

    private static void namespace(RemoteClient client, String name) {
        ObjectNode namespace = Json.object();
        namespace.putObject("metadata").put("name", name);
        client.create(BuiltinTypes.NAMESPACES, Tenant.SYSTEM, namespace);
    }

    private static boolean hasAccount(RemoteClient client, String namespace) {
        return client.find(BuiltinTypes.SERVICE_ACCOUNTS, key(namespace, "default")).isPresent();
    }

    private static void map(RemoteClient client, String name) {
        ObjectNode map = Json.object();
        map.putObject("metadata").put("name", name).put("namespace", "default");
        client.create(BuiltinTypes.CONFIG_MAPS, Tenant.SYSTEM, map);
    }

    private static ObjectKey key(String namespace, String name) {
        return new ObjectKey(Tenant.SYSTEM, namespace, name);
    }

    private static Watch watch(RemoteClient client) {
        return client.watch(BuiltinTypes.CONFIG_MAPS, DEFAULT, revision(client));
    }

    private static void drain(Watch watch) throws InterruptedException {
        while (watch.next(PATIENCE).isPresent()) {
            // Until its end is told.
        }
    }

    private static String revision(RemoteClient client) {
        return client.list(BuiltinTypes.CONFIG_MAPS, DEFAULT).resourceVersion();
    }

    private static Set<String> names(RemoteClient client) {
        ObjectList list = client.list(BuiltinTypes.CONFIG_MAPS, DEFAULT);
        Set<String> names = new TreeSet<>();
        list.items().forEach(item -> names.add(name(item.object())));
        return names;
    }

    private static Set<String> mirrored(Informer informer) {
        Set<String> names = new TreeSet<>();
        informer.objects().forEach(object -> names.add(name(object)));
        return names;
    }

    private static String name(ObjectNode object) {
        return object.path("metadata").path("name").asString();
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("in time").isLessThan(end);
            Thread.sleep(20);
        }
    }

    /** Creates config maps one after another; in the moment of the restore it is sent away. */
    private static final class Writer implements AutoCloseable {
        final Set<String> acknowledged = new ConcurrentSkipListSet<>();
        final Set<String> unexpected = new ConcurrentSkipListSet<>();
        private final Thread thread;
        private volatile boolean ended;

        Writer(RemoteClient client) {
            thread =
                    Thread.startVirtualThread(() -> {
                        for (int i = 0; !ended; i++) {
                            create(client, "written-" + i);
                        }
                    });
        }

        private void create(RemoteClient client, String name) {
            try {
                map(client, name);
                acknowledged.add(name);
            } catch (ApiException e) {
                if (e.status().reason() != Reason.SERVICE_UNAVAILABLE) {
                    unexpected.add(e.getMessage());
                }
            }
        }

        @Override
        public void close() throws InterruptedException {
            ended = true;
            thread.join();
        }
    }
}
