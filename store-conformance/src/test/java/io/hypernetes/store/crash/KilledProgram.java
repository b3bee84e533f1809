package io.hypernetes.store.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.store.Store;
import io.hypernetes.store.StoreEvent;
import io.hypernetes.store.StoreException;
import io.hypernetes.store.StoreWatch;
import io.hypernetes.store.crash.Linearizability.Action;
import io.hypernetes.store.crash.Linearizability.Answer;
import io.hypernetes.store.crash.Linearizability.Moment;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A program over a store is killed (SIGKILL) at random instants. Each time: what it had
 * acknowledged is there at the revision it was told, nothing is there that nobody wrote, revisions
 * have no gap and never go back, what its watch saw is the history, and the calls and answers of
 * each key are linearizable, over all the program's lives.
 *
 * <p>Each life's own history is read after its end; all of it is read again now and then and at the
 * end, and must be what was read life by life.
 */
abstract class KilledProgram {

    /** After so many lives all of history is looked at again. */
    private static final int ALL_OF_IT = 50;

    private static final long FIRST = 1;

    private record Change(String key, String value) {}

    @TempDir Path directory;

    private final Map<String, Set<Optional<String>>> states = new HashMap<>();
    private final TreeMap<Long, Change> known = new TreeMap<>();
    private final Map<String, Optional<String>> current = new HashMap<>();
    private final Random random = new Random();
    private final int kills;
    private long acknowledgements;

    KilledProgram(int kills) {
        this.kills = kills;
    }

    /** What the program is told, {@link HistoryWriter#open}. */
    abstract String place();

    /** Returns when nothing that a killed program asked for can still be done. */
    void settle() throws InterruptedException {}

    /** After the last program. */
    void end() {}

    // Of one life.
    private final Set<Change> tried = new HashSet<>();
    private final Map<Long, Change> acknowledged = new TreeMap<>();
    private final TreeMap<Long, Change> seen = new TreeMap<>();

    @Test
    void whatItSaidIsTrueAndNothingElseIs() throws IOException, InterruptedException {
        Files.createDirectory(temporary());
        for (int life = 1; life <= kills; life++) {
            oneLife("r" + life);
            if (life % ALL_OF_IT == 0 || life == kills) {
                assertThat(history(FIRST).equals(known)).as("history stands").isTrue();
                System.out.printf("%d kills: %,d revisions%n", life, known.lastKey());
            }
        }
        assertThat(acknowledgements).isGreaterThan(kills * 10L);
        end();
    }

    private void oneLife(String name) throws IOException, InterruptedException {
        tried.clear();
        acknowledged.clear();
        seen.clear();
        replay(runAndKill(name));
        settle();
        long before = known.isEmpty() ? FIRST : known.lastKey();
        TreeMap<Long, Change> stored = history(before);
        long newest = stored.isEmpty() ? before : stored.lastKey();
        assertThat(stored).as("no gap after %d", before).hasSize((int) (newest - before));
        // Of sets: an assertion that compares each with each would take most of the time.
        assertNoneOutside(stored.entrySet(), acknowledged.entrySet(), "acknowledged, then lost");
        assertNoneOutside(stored.entrySet(), seen.entrySet(), "seen by a watch, then lost");
        assertNoneOutside(tried, stored.values(), "invented");
        acknowledgements += acknowledged.size();
        known.putAll(stored);
        stored.values().forEach(change -> current.put(change.key(), value(change.value())));
        narrow();
    }

    private static <T> void assertNoneOutside(Set<T> all, Collection<T> some, String what) {
        assertThat(some.stream().filter(each -> !all.contains(each))).as(what).isEmpty();
    }

    /** Where a program may leave temporary files. */
    Path temporary() {
        return directory.resolve("tmp");
    }

    private List<String> runAndKill(String round) throws IOException, InterruptedException {
        Process program =
                new ProcessBuilder(
                                ProcessHandle.current().info().command().orElseThrow(),
                                "--enable-native-access=ALL-UNNAMED",
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-Xmx128m",
                                "-Djava.io.tmpdir=" + temporary(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                HistoryWriter.class.getName(),
                                place(),
                                round)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        int enough = 100 + random.nextInt(1500);
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = program.inputReader(StandardCharsets.UTF_8)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                lines.add(line);
                if (lines.size() == enough) {
                    // Through the handle, for the process object would close the pipe as well.
                    program.toHandle().destroyForcibly();
                }
            }
        } finally {
            program.destroyForcibly().waitFor();
        }
        assertThat(lines).as("the program worked").hasSizeGreaterThanOrEqualTo(enough);
        return lines;
    }

    /** Reads one life of the program: all calls without an answer end, unanswered, with it. */
    private void replay(List<String> lines) {
        Map<Integer, String[]> calls = new HashMap<>();
        Map<Integer, Answer> answers = new HashMap<>();
        long last = 0;
        for (String line : lines) {
            String[] words = line.split(" ");
            switch (words[0]) {
                case "call" -> calls.put(Integer.parseInt(words[1]), words);
                case "return" -> answers.put(Integer.parseInt(words[1]), answer(words, calls));
                case "seen" -> {
                    long revision = Long.parseLong(words[1]);
                    assertThat(last == 0 || revision == last + 1).as("a watch has no gap").isTrue();
                    last = revision;
                    seen.put(revision, new Change(words[2], words[3]));
                }
                default -> throw new AssertionError(line);
            }
        }
        check(lines, calls, answers);
    }

    private Answer answer(String[] words, Map<Integer, String[]> calls) {
        return switch (words[2]) {
            case "value" -> new Answer.Value(value(words[3]));
            case "refused" -> new Answer.Refused();
            default -> {
                String[] call = calls.get(Integer.parseInt(words[1]));
                String value = call[call.length - 1];
                // Removing what is not there is done without a revision of its own.
                if (!value.equals("-")) {
                    acknowledged.put(Long.parseLong(words[3]), new Change(call[2], value));
                }
                yield new Answer.Done();
            }
        };
    }

    private void check(
            List<String> lines, Map<Integer, String[]> calls, Map<Integer, Answer> answers) {
        Map<String, List<Moment>> histories = new HashMap<>();
        for (String line : lines) {
            String[] words = line.split(" ");
            if (!words[0].equals("seen")) {
                int number = Integer.parseInt(words[1]);
                String key = calls.get(number)[2];
                List<Moment> history = histories.computeIfAbsent(key, _ -> new ArrayList<>());
                if (words[0].equals("return")) {
                    history.add(new Moment.Return(number));
                } else {
                    Answer answer = answers.getOrDefault(number, new Answer.Unknown());
                    history.add(new Moment.Call(number, action(words), answer));
                }
            }
        }
        calls.forEach((number, call) -> {
            if (!answers.containsKey(number)) {
                histories.get(call[2]).add(new Moment.Return(number));
            }
        });
        histories.forEach((key, history) -> {
            Set<Optional<String>> before = states.getOrDefault(key, Set.of(Optional.empty()));
            Set<Optional<String>> after = Linearizability.finalStates(history, before);
            assertThat(after).as("%s is linearizable: %s", key, history).isNotEmpty();
            states.put(key, after);
        });
    }

    private Action action(String[] call) {
        String last = call[call.length - 1];
        return switch (call[3]) {
            case "read" -> new Action.Read();
            case "put" -> {
                tried.add(new Change(call[2], last));
                yield new Action.Put(value(last));
            }
            default -> {
                tried.add(new Change(call[2], last));
                yield new Action.Swap(value(call[4]), value(last));
            }
        };
    }

    private static Optional<String> value(String word) {
        return word.equals("-") ? Optional.empty() : Optional.of(word);
    }

    /** What is stored decides which of the possible states it was. */
    private void narrow() {
        states.replaceAll((key, possible) -> {
            Optional<String> now = current.getOrDefault(key, Optional.empty());
            assertThat(possible).as("what %s may be", key).contains(now);
            return Set.of(now);
        });
    }

    private TreeMap<Long, Change> history(long after) throws InterruptedException {
        TreeMap<Long, Change> history = new TreeMap<>();
        CountDownLatch all = new CountDownLatch(1);
        try (Store store = HistoryWriter.open(place())) {
            long newest = store.revision();
            if (newest <= after) {
                return history;
            }
            store.watch(
                    after,
                    new StoreWatch.Listener() {
                        @Override
                        public void changed(StoreWatch.Batch batch) {
                            for (StoreEvent event : batch.events()) {
                                history.put(
                                        batch.revision(),
                                        new Change(
                                                event.key().toString(), HistoryWriter.text(event)));
                            }
                            if (batch.revision() >= newest) {
                                all.countDown();
                            }
                        }

                        @Override
                        public void failed(StoreException cause) {
                            // The store is closed below.
                        }
                    });
            assertThat(all.await(60, TimeUnit.SECONDS)).as("history is told").isTrue();
        }
        return history;
    }
}
