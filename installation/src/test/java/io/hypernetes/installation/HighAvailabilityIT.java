package io.hypernetes.installation;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.ObjectList;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.Watch;
import io.hypernetes.api.client.WatchEvent;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.api.types.hypernetes.TenantSecurity;
import io.hypernetes.cli.Progress;
import io.hypernetes.cli.assembly.AuditConfig;
import io.hypernetes.cli.assembly.Cloud;
import io.hypernetes.cli.assembly.CloudConfig;
import io.hypernetes.cli.assembly.Component;
import io.hypernetes.cli.assembly.NetworkRules;
import io.hypernetes.cli.assembly.PodRuntimes;
import io.hypernetes.cli.assembly.StoreLocation;
import io.hypernetes.controlplane.IdentityConfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.server.ServerLimits;
import io.hypernetes.store.EtcdCluster;
import io.hypernetes.store.etcd.EtcdSettings;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/** Two servers over a real etcd cluster of three members, one of which is killed. */
class HighAvailabilityIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Selection DEFAULT = Selection.of(Tenant.SYSTEM, "default");

    @TempDir Path directory;

    private Cloud cloud(String name, EtcdCluster etcd) throws IOException {
        Path data = Files.createDirectories(directory.resolve(name));
        CloudConfig config =
                new CloudConfig(
                        data,
                        data,
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        PodRuntimes.machines("tcg"),
                        name,
                        EnumSet.of(Component.API, Component.CONTROLLERS, Component.SCHEDULER),
                        new StoreLocation.Etcd(EtcdSettings.of(etcd.members())),
                        directory.resolve("pki"),
                        IdentityConfig.BUILT_IN,
                        AuditConfig.NONE,
                        NetworkRules.NONE,
                        ServerLimits.DEFAULT,
                        TenantSecurity.OPEN,
                        "v0");
        return new Cloud(config, new Progress(data.resolve("progress"), false));
    }

    private static RemoteClient client(Cloud.OperatorAccess access) {
        return new RemoteClient(access.kubeconfig("https://127.0.0.1:" + access.port()));
    }

    @Test
    void aKilledMemberAndAnEndedServerLoseNothingAndClientsGoOn()
            throws IOException, InterruptedException {
        Path members = Files.createDirectories(directory.resolve("etcd"));
        try (EtcdCluster etcd = EtcdCluster.start(members, 3);
                Cloud first = cloud("first", etcd);
                Cloud second = cloud("second", etcd);
                RemoteClient one = client(first.start());
                RemoteClient two = client(second.start())) {
            Writer toOne = new Writer(one, "one");
            Writer toTwo = new Writer(two, "two");
            Watcher atOne = new Watcher(one, two);
            Watcher atTwo = new Watcher(two, one);
            await(() -> toOne.acknowledged.size() > 50 && toTwo.acknowledged.size() > 50);

            etcd.kill(0);
            int before = toOne.acknowledged.size();
            int beforeTwo = toTwo.acknowledged.size();
            await(() ->
                    toOne.acknowledged.size() > before + 50
                            && toTwo.acknowledged.size() > beforeTwo + 50);
            etcd.restart(0);

            toOne.end();
            Set<String> acknowledged = new TreeSet<>(toOne.acknowledged);
            await(() -> atOne.names.containsAll(acknowledged));
            atOne.end();
            assertThat(names(one)).containsAll(acknowledged);
            assertThat(names(two)).containsAll(acknowledged);
            first.close();

            int beforeThree = toTwo.acknowledged.size();
            await(() -> toTwo.acknowledged.size() > beforeThree + 50);
            toTwo.end();
            acknowledged.addAll(toTwo.acknowledged);
            await(() -> atTwo.names.containsAll(acknowledged));
            atTwo.end();
            Set<String> stored = names(two);
            assertThat(stored).containsAll(acknowledged);
            Set<String> written = new TreeSet<>(toOne.tried);
            written.addAll(toTwo.tried);
            written.add("kube-root-ca.crt");
            assertThat(written).as("nothing is invented").containsAll(stored);
            atOne.assertInOrderWithoutRepeats();
            atTwo.assertInOrderWithoutRepeats();
            theOtherServerLeads(two);
        }
    }

    /** The controllers run on the server that is left: they give a new namespace its account. */
    private static void theOtherServerLeads(RemoteClient client) throws InterruptedException {
        ObjectNode namespace = Json.object();
        namespace.putObject("metadata").put("name", "later");
        client.create(BuiltinTypes.NAMESPACES, Tenant.SYSTEM, namespace);
        ObjectKey account = new ObjectKey(Tenant.SYSTEM, "later", "default");
        await(() -> client.find(BuiltinTypes.SERVICE_ACCOUNTS, account).isPresent());
        ObjectKey lease = new ObjectKey(Tenant.SYSTEM, "kube-system", "hypernetes-controllers");
        assertThat(
                        client.get(BuiltinTypes.LEASES, lease)
                                .path("spec")
                                .path("holderIdentity")
                                .asString())
                .startsWith("second_");
    }

    private static Set<String> names(RemoteClient client) {
        ObjectList list = client.list(BuiltinTypes.CONFIG_MAPS, DEFAULT);
        Set<String> names = new TreeSet<>();
        list.items().forEach(item -> names.add(name(item.object())));
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

    /** Creates config maps one after another until it is ended. */
    private static final class Writer {
        final Set<String> tried = new ConcurrentSkipListSet<>();
        final Set<String> acknowledged = new ConcurrentSkipListSet<>();
        private final Thread thread;
        private volatile boolean ended;

        Writer(RemoteClient client, String prefix) {
            thread =
                    Thread.startVirtualThread(() -> {
                        for (int i = 0; !ended; i++) {
                            create(client, prefix + "-" + i);
                        }
                    });
        }

        private void create(RemoteClient client, String name) {
            ObjectNode map = Json.object();
            map.putObject("metadata").put("name", name).put("namespace", "default");
            tried.add(name);
            try {
                client.create(BuiltinTypes.CONFIG_MAPS, Tenant.SYSTEM, map);
                acknowledged.add(name);
            } catch (ApiException e) {
                // Refused or unknown: not acknowledged. The next one may do better.
                assertThat(e.status().code()).isGreaterThanOrEqualTo(500);
            }
        }

        void end() throws InterruptedException {
            ended = true;
            thread.join();
        }
    }

    /** Watches at one server from the state that the other told; never lists again. */
    private static final class Watcher {
        final Set<String> names = new ConcurrentSkipListSet<>();
        private final List<Long> revisions = new CopyOnWriteArrayList<>();
        private final Thread thread;
        private volatile boolean ended;

        Watcher(RemoteClient at, RemoteClient from) {
            ObjectList list = from.list(BuiltinTypes.CONFIG_MAPS, DEFAULT);
            list.items().forEach(item -> names.add(name(item.object())));
            Watch watch = at.watch(BuiltinTypes.CONFIG_MAPS, DEFAULT, list.resourceVersion());
            thread = Thread.startVirtualThread(() -> read(watch));
        }

        private void read(Watch watch) {
            try (watch) {
                while (!ended) {
                    watch.next(Duration.ofMillis(200)).ifPresent(this::seen);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private void seen(WatchEvent event) {
            ObjectNode object = event.object().object();
            revisions.add(object.path("metadata").path("resourceVersion").asLong());
            names.add(name(object));
        }

        void end() throws InterruptedException {
            ended = true;
            thread.join();
        }

        void assertInOrderWithoutRepeats() {
            assertThat(revisions).isNotEmpty().isSorted().doesNotHaveDuplicates();
        }
    }
}
