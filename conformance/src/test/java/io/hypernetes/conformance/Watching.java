package io.hypernetes.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import io.hypernetes.api.Metadata;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A watch: its events in their order, read by a thread of its own. */
final class Watching implements AutoCloseable {

    /**
     * @param type ADDED, MODIFIED, DELETED, BOOKMARK, ERROR
     */
    record Event(String type, ObjectNode object) {
        String name() {
            return Metadata.name(object);
        }

        String resourceVersion() {
            return Metadata.resourceVersion(object);
        }

        @Override
        public String toString() {
            return type + " " + name();
        }
    }

    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
    private final InputStream stream;

    Watching(InputStream stream) {
        this.stream = stream;
        Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                ObjectNode event = Json.parseObject(line.getBytes(StandardCharsets.UTF_8));
                events.add(
                        new Event(
                                event.path("type").asString(), (ObjectNode) event.path("object")));
            }
        } catch (IOException e) {
            // Closed from this side, or by the server: there are no more events.
        }
    }

    /** The next event, whatever it is. */
    Event next() {
        try {
            Event event = events.poll(60, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no event came");
            }
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    Event next(String type) {
        Event event = next();
        assertThat(event.type()).as(event.toString()).isEqualTo(type);
        return event;
    }

    /** The first event that is as asked; others are passed over. */
    Event until(String type, Predicate<ObjectNode> wanted) {
        while (true) {
            Event event = next();
            if (event.type().equals(type) && wanted.test(event.object())) {
                return event;
            }
        }
    }

    Event until(String type) {
        return until(type, _ -> true);
    }

    boolean isEmpty() {
        return events.isEmpty();
    }

    @Override
    public void close() {
        try {
            stream.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
