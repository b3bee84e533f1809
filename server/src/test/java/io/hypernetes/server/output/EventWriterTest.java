package io.hypernetes.server.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.client.WatchEvent.Type;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.server.http.Pace;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.registry.ServedEvent;
import io.hypernetes.server.request.Format;
import io.hypernetes.store.ObjectPath;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

final class EventWriterTest {
    private static final int BYTES = 1_000;

    /** Whether a turn is taken, and how often one was; a turn within a turn would wait for ever. */
    private boolean taken;

    private int turns;

    /** The pieces that were sent. */
    private final List<byte[]> sent = new ArrayList<>();

    private final Pace pace = new Pace(this::turn, 0, _ -> {});

    private Pace.Turn turn() {
        assertThat(taken).as("within another turn").isFalse();
        taken = true;
        turns++;
        return () -> taken = false;
    }

    @Test
    void manyEventsAreMadeInTurnsAndSentOutsideOfThem() throws Exception {
        List<ServedEvent> events = events(1_000);
        write(events);
        int much = (int) (1_000L * BYTES / Pace.WORK);
        assertThat(turns).isBetween(much - 1, much);
        assertThat(sent.subList(0, turns)).allMatch(piece -> piece.length >= Pace.WORK);
        assertThat(lines()).hasSize(1_000).allMatch(line -> line.startsWith("{\"type\":\"ADDED\""));
    }

    @Test
    void aFewTakeNoTurn() throws Exception {
        write(events(60));
        assertThat(turns).isZero();
        assertThat(lines()).hasSize(60);
    }

    private void write(List<ServedEvent> events) throws Exception {
        try (ByteArrayOutputStream out =
                new ByteArrayOutputStream() {
                    @Override
                    public void write(byte[] bytes, int offset, int length) {
                        assertThat(taken).as("nobody is waited for in a turn").isFalse();
                        sent.add(Arrays.copyOfRange(bytes, offset, offset + length));
                    }
                }) {
            EventWriter writer =
                    new EventWriter(
                            BuiltinTypes.CONFIG_MAPS, new Answers(Format.JSON, "", false), out);
            ScopedValue.where(Pace.CURRENT, pace)
                    .call(() -> {
                        writer.write(events);
                        return true;
                    });
        }
    }

    private List<String> lines() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        sent.forEach(all::writeBytes);
        return all.toString(StandardCharsets.UTF_8).lines().toList();
    }

    private static List<ServedEvent> events(int count) {
        byte[] object =
                ("{\"kind\":\"" + "x".repeat(BYTES - 11) + "\"}").getBytes(StandardCharsets.UTF_8);
        return IntStream.range(0, count)
                .mapToObj(i ->
                        new ServedEvent(
                                Type.ADDED,
                                new Served(
                                        new ObjectPath("", "configmaps", "t", "n", "m-" + i),
                                        object,
                                        i + 1)))
                .toList();
    }
}
