package io.hypernetes.store.sqlite;

import static org.assertj.core.api.Assertions.assertThat;

import static java.util.Objects.requireNonNull;

import io.hypernetes.store.Entry;
import io.hypernetes.store.KeyRange;
import io.hypernetes.store.Store;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A writer is killed (SIGKILL) again and again; what it had acknowledged is there afterwards. */
class SqliteCrashIT {

    private static final int KILLS = 8;
    private static final int ACKNOWLEDGEMENTS = 200;

    private record Acknowledged(String value, long revision) {}

    @TempDir Path directory;

    @Test
    void noAcknowledgedWriteIsLostAndNoTransactionIsTorn()
            throws IOException, InterruptedException {
        Path file = directory.resolve("state.db");
        Map<String, Acknowledged> acknowledged = new HashMap<>();
        for (int round = 0; round < KILLS; round++) {
            long highest = writeAndKill(file, round, acknowledged);
            try (Store store = SqliteStore.open(file, SqliteSettings.DEFAULT)) {
                assertThat(store.revision()).isGreaterThanOrEqualTo(highest);
                check(store, acknowledged);
            }
        }
    }

    private static long writeAndKill(Path file, int round, Map<String, Acknowledged> acknowledged)
            throws IOException, InterruptedException {
        Process writer =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx128m",
                                "-cp",
                                System.getProperty("java.class.path"),
                                CrashWriter.class.getName(),
                                file.toString(),
                                "r" + round)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        long highest = 0;
        int wanted = ACKNOWLEDGEMENTS + round * 37;
        try (BufferedReader lines = writer.inputReader(StandardCharsets.UTF_8)) {
            int seen = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (++seen == wanted) {
                    // Through the handle, for the process object would close the pipe as well.
                    writer.toHandle().destroyForcibly();
                }
                String[] words = line.split(" ");
                if (words.length == 3) { // the kill may cut the last line short
                    long revision = Long.parseLong(words[2]);
                    acknowledged.merge(
                            words[0],
                            new Acknowledged(words[1], revision),
                            (a, b) -> a.revision() > b.revision() ? a : b);
                    highest = Math.max(highest, revision);
                }
            }
            assertThat(seen).as("the writer worked").isGreaterThanOrEqualTo(wanted);
        } finally {
            writer.destroyForcibly().waitFor();
        }
        return highest;
    }

    private static void check(Store store, Map<String, Acknowledged> acknowledged) {
        Map<String, Entry> found = new HashMap<>();
        for (Entry entry : store.range(KeyRange.ALL, Store.LATEST, 0).entries()) {
            found.put(entry.key().toString(), entry);
        }
        acknowledged.forEach((key, write) -> {
            assertThat(found).containsKeys(key, key + "/twin");
            Entry entry = requireNonNull(found.get(key));
            assertThat(entry.modRevision()).as(key).isGreaterThanOrEqualTo(write.revision());
            if (entry.modRevision() == write.revision()) {
                assertThat(new String(entry.value(), StandardCharsets.UTF_8))
                        .isEqualTo(write.value());
            }
            Entry twin = requireNonNull(found.get(key + "/twin"));
            assertThat(twin.modRevision()).isEqualTo(entry.modRevision());
            assertThat(twin.value()).isEqualTo(entry.value());
        });
    }
}
