package io.hypernetes.httpclient;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Status;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.client.Watch;
import io.hypernetes.api.client.WatchEvent;
import io.hypernetes.api.json.Json;

import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Lines of a watch's answer, read by a virtual thread of its own into a bounded queue. */
final class RemoteWatch implements Watch {

    private static final int QUEUE = 1000;

    /** A server sends a bookmark every minute. */
    private static final Duration SILENCE = Duration.ofMinutes(5);

    /** Either an event or the end, with the reason. */
    private sealed interface Line {
        record Event(WatchEvent event) implements Line {}

        record End(ApiException reason) implements Line {}
    }

    private final InputStream body;
    private final Function<ObjectNode, TenantObject> owner;
    private final BlockingQueue<Line> lines = new ArrayBlockingQueue<>(QUEUE);
    private final Thread reader;

    /** When the last line came; written by the reader. */
    private volatile long heard = System.nanoTime();

    RemoteWatch(InputStream body, Function<ObjectNode, TenantObject> owner) {
        this.body = body;
        this.owner = owner;
        this.reader = Thread.ofVirtual().name("watch").start(this::read);
    }

    @Override
    public Optional<WatchEvent> next(Duration timeout) throws InterruptedException {
        Line line = lines.poll(timeout.toNanos(), TimeUnit.NANOSECONDS);
        return switch (line) {
            case null -> nothing();
            case Line.Event(WatchEvent event) -> Optional.of(event);
            case Line.End(ApiException reason) -> throw reason;
        };
    }

    /** A machine that vanishes says no farewell. */
    private Optional<WatchEvent> nothing() {
        if (System.nanoTime() - heard > SILENCE.toNanos()) {
            close();
            throw ended("the server has been silent for " + SILENCE.toMinutes() + " minutes");
        }
        return Optional.empty();
    }

    @Override
    public void close() {
        reader.interrupt();
        try {
            body.close();
        } catch (IOException _) {
            // The connection is given up either way.
            return;
        }
    }

    private void read() {
        try {
            lines.put(new Line.End(readLines()));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private ApiException readLines() throws InterruptedException {
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                heard = System.nanoTime();
                ObjectNode event = Json.parseObject(line.getBytes(StandardCharsets.UTF_8));
                ObjectNode object = (ObjectNode) event.path("object");
                switch (event.path("type").asString("")) {
                    case "ADDED" -> put(WatchEvent.Type.ADDED, object);
                    case "MODIFIED" -> put(WatchEvent.Type.MODIFIED, object);
                    case "DELETED" -> put(WatchEvent.Type.DELETED, object);
                    case "ERROR" -> {
                        return ended(object.path("message").asString("the watch failed"));
                    }
                    default -> {
                        // Bookmarks carry nothing that an informer needs.
                    }
                }
            }
            return ended("the server ended the watch");
        } catch (IOException e) {
            return ended("the connection of the watch broke: " + e.getMessage());
        }
    }

    private void put(WatchEvent.Type type, ObjectNode object) throws InterruptedException {
        lines.put(new Line.Event(new WatchEvent(type, owner.apply(object))));
    }

    private static ApiException ended(String message) {
        return new ApiException(Status.of(Reason.EXPIRED, message));
    }
}
