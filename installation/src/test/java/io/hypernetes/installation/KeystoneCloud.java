package io.hypernetes.installation;

import io.hypernetes.api.Tenant;
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
import io.hypernetes.controlplane.KeystoneAccount;
import io.hypernetes.httpclient.Kubeconfig;
import io.hypernetes.httpclient.RemoteClient;
import io.hypernetes.identity.conformance.KeystoneProcess;
import io.hypernetes.identity.keystone.KeystoneSettings;
import io.hypernetes.identity.keystone.OpenStackAccess;
import io.hypernetes.server.ServerLimits;
import io.hypernetes.tenancy.KeystoneDuties;
import io.hypernetes.tenancy.KeystoneRoles;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One real Keystone and one server over it, with an account there, for all tests of this process.
 * The projects and tenants {@code acme} and {@code globex}; alice is a member of the first and a
 * reader of the second, bob a reader of the first.
 */
record KeystoneCloud(
        KeystoneProcess keystone,
        KeystoneSettings settings,
        Cloud cloud,
        Cloud.OperatorAccess access) {

    /** What roles mean here: one more than usual. */
    private static final Map<String, String> ROLES = roles();

    /** Guarded by the class. */
    private static @Nullable KeystoneCloud started;

    /** The same for all; it ends with the process. */
    static synchronized KeystoneCloud get() throws IOException, InterruptedException {
        KeystoneCloud present = started;
        if (present == null) {
            present = start(Files.createTempDirectory("keystone-cloud"));
            started = present;
        }
        return present;
    }

    String url() {
        return "https://127.0.0.1:" + access.port();
    }

    RemoteClient operator() {
        return new RemoteClient(access.kubeconfig(url()));
    }

    /** A client with a password, in the world that the path names. */
    RemoteClient login(String user, String path) {
        Kubeconfig.Proof proof = new Kubeconfig.Proof.Password(user, KeystoneProcess.PASSWORD);
        return new RemoteClient(new Kubeconfig(url() + path, access.authority(), user, proof));
    }

    OpenStackAccess account() {
        return account(keystone);
    }

    private static OpenStackAccess account(KeystoneProcess keystone) {
        return OpenStackAccess.ofVariables(
                Map.of(
                        "OS_AUTH_URL",
                        keystone.url().toString(),
                        "OS_USERNAME",
                        "admin",
                        "OS_PASSWORD",
                        KeystoneProcess.PASSWORD,
                        "OS_PROJECT_NAME",
                        "admin"));
    }

    private static KeystoneCloud start(Path directory) throws IOException, InterruptedException {
        KeystoneProcess keystone =
                KeystoneProcess.start(Files.createDirectories(directory.resolve("keystone")));
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> end(keystone, directory), "keystone-end"));
        String acme = keystone.create("project", "acme", "domain_id", "default");
        String globex = keystone.create("project", "globex", "domain_id", "default");
        String alice = keystone.user("alice", "default_project_id", acme);
        keystone.role("PUT", alice, acme, "member");
        keystone.role("PUT", alice, globex, "reader");
        String bob = keystone.user("bob", "default_project_id", acme);
        keystone.role("PUT", bob, acme, "reader");

        KeystoneSettings settings =
                new KeystoneSettings(
                        keystone.url(),
                        Optional.empty(),
                        "default",
                        Duration.ofSeconds(4),
                        KeystoneSettings.GRACE,
                        Duration.ofSeconds(60));
        Cloud cloud =
                new Cloud(
                        config(
                                Files.createDirectories(directory.resolve("data")),
                                keystone,
                                settings),
                        new Progress(directory.resolve("progress"), false));
        KeystoneCloud all = new KeystoneCloud(keystone, settings, cloud, cloud.start());
        try (RemoteClient operator = all.operator()) {
            for (String tenant : List.of("acme", "globex")) {
                ObjectNode object = Json.object();
                object.putObject("metadata").put("name", tenant);
                operator.create(BuiltinTypes.TENANTS, Tenant.SYSTEM, object);
            }
        }
        return all;
    }

    private static CloudConfig config(
            Path data, KeystoneProcess keystone, KeystoneSettings settings) {
        KeystoneDuties duties = new KeystoneDuties(true, true, Duration.ofSeconds(2), ROLES);
        return new CloudConfig(
                data,
                data,
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                PodRuntimes.machines("tcg"),
                "node",
                EnumSet.of(Component.API, Component.CONTROLLERS),
                new StoreLocation.Memory(),
                data.resolve("pki"),
                IdentityConfig.BUILT_IN
                        .withKeystone(settings, ROLES)
                        .withKeystoneAccount(new KeystoneAccount(account(keystone), duties)),
                AuditConfig.NONE,
                NetworkRules.NONE,
                ServerLimits.DEFAULT,
                TenantSecurity.OPEN,
                "v0");
    }

    private static Map<String, String> roles() {
        Map<String, String> roles = new HashMap<>(KeystoneRoles.DEFAULTS);
        roles.put("auditor", "view");
        return Map.copyOf(roles);
    }

    private static void end(KeystoneProcess keystone, Path directory) {
        keystone.close();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
