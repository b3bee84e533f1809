package io.hypernetes.cli.assembly;

import io.hypernetes.store.Store;
import io.hypernetes.store.etcd.EtcdSettings;
import io.hypernetes.store.etcd.EtcdStore;
import io.hypernetes.store.memory.MemoryStore;
import io.hypernetes.store.sqlite.SqliteSettings;
import io.hypernetes.store.sqlite.SqliteStore;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the state is kept. */
public sealed interface StoreLocation {

    /** One file, of one server. */
    record Sqlite(Path file) implements StoreLocation {}

    /** Nowhere: it ends with the server. */
    record Memory() implements StoreLocation {}

    /** An etcd cluster, of any number of servers. */
    record Etcd(EtcdSettings settings) implements StoreLocation {}

    /** One of these, with some of it encrypted. */
    record Encrypted(StoreLocation location, Encryption encryption) implements StoreLocation {}

    default Store open() throws IOException {
        return switch (this) {
            case Sqlite(Path file) -> {
                Files.createDirectories(file.toAbsolutePath().getParent());
                yield SqliteStore.open(file, SqliteSettings.DEFAULT);
            }
            case Memory _ -> new MemoryStore();
            case Etcd(EtcdSettings settings) -> EtcdStore.open(settings);
            case Encrypted(StoreLocation location, Encryption encryption) ->
                    encryption.over(location.open());
        };
    }

    /** For people. */
    default String text() {
        return switch (this) {
            case Sqlite(Path file) -> file.toString();
            case Memory _ -> "memory";
            case Etcd(EtcdSettings settings) ->
                    "etcd " + String.join(",", settings.members()) + settings.prefix();
            case Encrypted(StoreLocation location, Encryption encryption) ->
                    location.text() + ", encrypted: " + String.join(", ", encryption.kinds());
        };
    }
}
