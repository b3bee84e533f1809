package io.hypernetes.store.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hypernetes.store.EtcdCluster;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.Txn;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A real etcd that asks for a user and a password. */
class EtcdUserIT {
    private static final int SECONDS = 60;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(bytes(text));
    }

    /** Users root and ours; the latter may read and write behind our prefix, and no more. */
    private static void demandUsers(EtcdCluster etcd) throws IOException, InterruptedException {
        for (String name : List.of("root", "ours")) {
            etcd.ask(
                    "/v3/auth/user/add",
                    "{\"name\":\"%s\",\"password\":\"%s's word\"}".formatted(name, name));
            etcd.ask("/v3/auth/role/add", "{\"name\":\"%s\"}".formatted(name));
            etcd.ask(
                    "/v3/auth/user/grant",
                    "{\"user\":\"%s\",\"role\":\"%s\"}".formatted(name, name));
        }
        etcd.ask(
                "/v3/auth/role/grant",
                "{\"name\":\"ours\",\"perm\":{\"permType\":\"READWRITE\",\"key\":\"%s\",\"range_end\":\"%s\"}}"
                        .formatted(base64("/hypernetes/"), base64("/hypernetes0")));
        etcd.ask("/v3/auth/enable", "{}");
    }

    private static EtcdSettings settings(EtcdCluster etcd, Path password) {
        return EtcdSettings.of(etcd.members())
                .withUser(Optional.of(new EtcdSettings.User("ours", password)))
                .withCompaction(Duration.ZERO);
    }

    /** Counts what a watch delivers. */
    private static final class Seen implements StoreWatch.Listener {
        final BlockingQueue<Long> revisions = new LinkedBlockingQueue<>();
        final List<StoreException> failures = new CopyOnWriteArrayList<>();

        @Override
        public void changed(StoreWatch.Batch batch) {
            batch.events().forEach(_ -> revisions.add(batch.revision()));
        }

        @Override
        public void failed(StoreException cause) {
            failures.add(cause);
        }
    }

    /** Tokens live in the member's memory: after its restart the store logs in anew. */
    @Test
    void aUserWritesReadsAndWatchesBeyondTheLifeOfItsToken(
            @TempDir Path members, @TempDir Path secrets) throws IOException, InterruptedException {
        Path password = Files.writeString(secrets.resolve("password"), "ours's word\n");
        try (EtcdCluster etcd = EtcdCluster.start(members, 1)) {
            demandUsers(etcd);
            Seen seen = new Seen();
            try (Store store = EtcdStore.open(settings(etcd, password));
                    StoreWatch _ = store.watch(store.revision(), seen)) {
                store.commit(Txn.create(StoreKey.of("a"), bytes("1")));
                assertThat(seen.revisions.poll(SECONDS, TimeUnit.SECONDS)).isNotNull();
                etcd.kill(0);
                etcd.restart(0);
                store.commit(Txn.create(StoreKey.of("b"), bytes("2")));
                assertThat(store.range(KeyRange.ALL, Store.LATEST, 0).entries()).hasSize(2);
                assertThat(seen.revisions.poll(SECONDS, TimeUnit.SECONDS)).isNotNull();
                assertThat(seen.failures).isEmpty();
            }
        }
    }

    @Test
    void aWrongPasswordAndAForeignPrefixAreToldApart(@TempDir Path members, @TempDir Path secrets)
            throws IOException, InterruptedException {
        Path right = Files.writeString(secrets.resolve("right"), "ours's word");
        Path wrong = Files.writeString(secrets.resolve("wrong"), "guessed");
        try (EtcdCluster etcd = EtcdCluster.start(members, 1)) {
            demandUsers(etcd);
            assertRefused(settings(etcd, wrong), "--etcd-password-file, is not what etcd knows");
            assertRefused(settings(etcd, secrets.resolve("none")), "cannot be read from");
            assertRefused(settings(etcd, right).withPrefix("/theirs"), "have the rights it needs?");
        }
    }

    private static void assertRefused(EtcdSettings settings, String words) {
        assertThatThrownBy(() -> EtcdStore.open(settings).close())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(words);
    }
}
