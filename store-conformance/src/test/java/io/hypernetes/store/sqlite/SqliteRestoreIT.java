package io.hypernetes.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.store.Entry;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.Operation;
import io.hypernetes.store.Store;
import io.hypernetes.store.StoreKey;
import io.hypernetes.store.Txn;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/**
 * A program that restores copies is killed (SIGKILL) at random instants, 8 times or, with {@code
 * -Dlong=true}, 100 times: the store always opens with all of one state and nothing of the other.
 */
class SqliteRestoreIT {

    private static final int KILLS = Boolean.getBoolean("long") ? 100 : 8;
    private static final int OBJECTS = 400;

    @TempDir Path directory;

    private final Random random = new Random();

    @Test
    void aKilledRestoreLeavesOneStateOrTheOther() throws IOException, InterruptedException {
        Path file = directory.resolve("state.db");
        List<Path> copies = List.of(copy("1", OBJECTS), copy("2", OBJECTS / 2));
        long newest = 1;
        for (int round = 0; round < KILLS; round++) {
            newest = Math.max(newest, restoreAndKill(file, copies));
            try (Store store = SqliteStore.open(file, SqliteSettings.DEFAULT)) {
                List<Entry> entries = store.range(KeyRange.ALL, Store.LATEST, 0).entries();
                assertThat(entries.stream().map(SqliteRestoreIT::text).distinct())
                        .as("one state")
                        .hasSize(1);
                assertThat(entries)
                        .as("all of it")
                        .hasSize(text(entries.getFirst()).equals("1") ? OBJECTS : OBJECTS / 2);
                assertThat(store.revision()).isGreaterThanOrEqualTo(newest);
                newest = store.revision();
            }
        }
    }

    private Path copy(String value, int objects) {
        Path made = directory.resolve("made-" + value);
        Path copy = directory.resolve("copy-" + value);
        try (Store store = SqliteStore.open(made, SqliteSettings.DEFAULT)) {
            for (int i = 0; i < objects; i++) {
                byte[] bytes = (value + " ".repeat(2_000)).getBytes(StandardCharsets.UTF_8);
                Operation put = new Operation.Put(StoreKey.of("key-" + i), bytes);
                store.commit(new Txn(List.of(), List.of(put)));
            }
            SqliteBackup.backup(made, copy);
        }
        return copy;
    }

    private static String text(Entry entry) {
        return new String(entry.value(), StandardCharsets.UTF_8).strip();
    }

    /** Returns the newest revision that was acknowledged. */
    private long restoreAndKill(Path file, List<Path> copies)
            throws IOException, InterruptedException {
        Process program =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx128m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                RestoringProgram.class.getName(),
                                file.toString(),
                                copies.get(0).toString(),
                                copies.get(1).toString())
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        int enough = 1 + random.nextInt(4);
        long newest = 0;
        try (BufferedReader lines = program.inputReader(StandardCharsets.UTF_8)) {
            int seen = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (!line.matches("[12] \\d+")) {
                    continue; // of a library
                }
                // The kill may cut the last line short, which makes the number smaller.
                newest = Math.max(newest, Long.parseLong(line.substring(2)));
                if (++seen == enough) {
                    Thread.sleep(random.nextInt(40)); // somewhere in the next restore
                    program.toHandle().destroyForcibly();
                }
            }
            assertThat(seen).as("the program worked").isGreaterThanOrEqualTo(enough);
        } finally {
            program.destroyForcibly().waitFor();
        }
        return newest;
    }
}
