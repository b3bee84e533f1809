package io.hypernetes.cli;

import io.hypernetes.cli.assembly.Encryption;
import io.hypernetes.cli.assembly.StoreLocation;
import io.hypernetes.store.etcd.EtcdSettings;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the state is kept. The names of etcd's options are kube-apiserver's. */
final class StoreOptions {

    private static final String SQLITE = "sqlite:";
    private static final String MEMORY = "memory:";

    @Option(
            names = "--store",
            paramLabel = "URI",
            description =
                    "Where the state is kept: sqlite: (a file under --data) or sqlite:FILE, memory:"
                            + " (forgotten at the end), etcd://HOST:PORT,HOST:PORT (any number of"
                            + " servers over one cluster) (default: ${DEFAULT-VALUE}).",
            defaultValue = SQLITE)
    private String store = SQLITE;

    @Option(
            names = "--etcd-prefix",
            paramLabel = "PATH",
            description = "Our keys in etcd begin with it (default: ${DEFAULT-VALUE}).",
            defaultValue = EtcdSettings.DEFAULT_PREFIX)
    private String prefix = EtcdSettings.DEFAULT_PREFIX;

    @Option(
            names = "--etcd-cafile",
            paramLabel = "FILE",
            description = "PEM: who signed etcd's certificates; with it etcd is spoken to in TLS.")
    private @Nullable Path authority;

    @Option(
            names = "--etcd-certfile",
            paramLabel = "FILE",
            description = "PEM: our client certificate for etcd.")
    private @Nullable Path certificate;

    @Option(
            names = "--etcd-keyfile",
            paramLabel = "FILE",
            description = "PEM (PKCS #8): the key of --etcd-certfile.")
    private @Nullable Path key;

    @Option(
            names = "--etcd-user",
            paramLabel = "NAME",
            description = "A user of etcd's own; with --etcd-password-file.")
    private @Nullable String user;

    @Option(
            names = "--etcd-password-file",
            paramLabel = "FILE",
            description = "The password of --etcd-user and nothing else.")
    private @Nullable Path password;

    @Option(
            names = "--etcd-compaction-interval",
            paramLabel = "SECONDS",
            description =
                    "How much history etcd keeps; 0: something else compacts it (default:"
                            + " ${DEFAULT-VALUE}).",
            defaultValue = "300")
    private int compaction = 300;

    @Option(
            names = "--encrypt",
            paramLabel = "KINDS",
            split = ",",
            description =
                    "Keep objects of these kinds encrypted, each tenant's under a key of its own:"
                            + " secrets,configmaps,widgets.example.com (default: none).")
    private List<String> encrypted = List.of();

    @Option(
            names = "--encryption-keys",
            paramLabel = "DIR",
            description =
                    "Folder of the tenants' keys, which no copy of the store has in it (default:"
                            + " keys under --data). Servers over one store share it.")
    private @Nullable Path ring;

    @Option(
            names = "--encryption-key-file",
            paramLabel = "FILE",
            description =
                    "The key that the tenants' keys lie under, made when there is none (default:"
                        + " master.key under --data). With --encryption-kms: where it is kept as"
                        + " the plug-in sealed it.")
    private @Nullable Path keyFile;

    @Option(
            names = "--encryption-kms",
            paramLabel = "SOCKET",
            description = "The UNIX socket of a KMS v2 plug-in, which keeps that key.")
    private @Nullable Path plugin;

    StoreLocation location(Path data) {
        StoreLocation location = plain(data);
        if (encrypted.isEmpty()) {
            return location;
        }
        Path keys = ring == null ? data.resolve("keys") : ring.toAbsolutePath();
        Path file = keyFile == null ? data.resolve("master.key") : keyFile.toAbsolutePath();
        return new StoreLocation.Encrypted(
                location, new Encryption(encrypted, keys, file, Optional.ofNullable(plugin)));
    }

    private StoreLocation plain(Path data) {
        if (store.startsWith(EtcdSettings.SCHEME)) {
            return new StoreLocation.Etcd(etcd());
        }
        if (store.equals(MEMORY)) {
            return new StoreLocation.Memory();
        }
        if (store.startsWith(SQLITE)) {
            String file = store.substring(SQLITE.length());
            return new StoreLocation.Sqlite(
                    file.isEmpty()
                            ? data.resolve("store").resolve("state.db")
                            : Path.of(file).toAbsolutePath());
        }
        throw new CommandException(
                "--store " + store + " is none of sqlite:, sqlite:FILE, memory:, etcd://HOST:PORT");
    }

    /** The file of a store that is one. */
    Path file(Path data) {
        return switch (plain(data)) {
            case StoreLocation.Encrypted _ ->
                    throw new IllegalStateException("an encrypted store lies over another");
            case StoreLocation.Sqlite(Path file) -> file;
            case StoreLocation.Memory _ ->
                    throw new CommandException("a store in memory ends with its server");
            case StoreLocation.Etcd _ ->
                    throw new CommandException(
                            "a store in etcd is copied by 'etcdctl snapshot save FILE' and restored"
                                + " by 'etcdutl snapshot restore FILE --bump-revision 1000000000"
                                + " --mark-compacted'");
        };
    }

    private EtcdSettings etcd() {
        try {
            return new EtcdSettings(
                    EtcdSettings.members(store),
                    prefix,
                    tls(),
                    user(),
                    Duration.ofSeconds(compaction));
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), e);
        }
    }

    private Optional<EtcdSettings.User> user() {
        if (user == null && password == null) {
            return Optional.empty();
        }
        if (user == null || password == null) {
            throw new CommandException("--etcd-user and --etcd-password-file go together");
        }
        return Optional.of(new EtcdSettings.User(user, password));
    }

    private Optional<EtcdSettings.Tls> tls() {
        if (authority == null) {
            if (certificate != null || key != null) {
                throw new CommandException("--etcd-certfile and --etcd-keyfile need --etcd-cafile");
            }
            return Optional.empty();
        }
        if (certificate == null || key == null) {
            if ((certificate == null) != (key == null)) {
                throw new CommandException("--etcd-certfile and --etcd-keyfile go together");
            }
            return Optional.of(new EtcdSettings.Tls(authority, Optional.empty()));
        }
        return Optional.of(
                new EtcdSettings.Tls(
                        authority, Optional.of(new EtcdSettings.Tls.Client(certificate, key))));
    }

    /** The same again, for the command line of the process that {@code up} starts. */
    List<String> arguments() {
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "--store",
                                store,
                                "--etcd-prefix",
                                prefix,
                                "--etcd-compaction-interval",
                                Integer.toString(compaction)));
        add(arguments, "--etcd-cafile", authority);
        add(arguments, "--etcd-certfile", certificate);
        add(arguments, "--etcd-keyfile", key);
        if (user != null) {
            arguments.addAll(List.of("--etcd-user", user));
        }
        add(arguments, "--etcd-password-file", password);
        if (!encrypted.isEmpty()) {
            arguments.addAll(List.of("--encrypt", String.join(",", encrypted)));
        }
        add(arguments, "--encryption-keys", ring);
        add(arguments, "--encryption-key-file", keyFile);
        add(arguments, "--encryption-kms", plugin);
        return arguments;
    }

    private static void add(List<String> arguments, String name, @Nullable Path file) {
        if (file != null) {
            arguments.add(name);
            arguments.add(file.toAbsolutePath().toString());
        }
    }
}
