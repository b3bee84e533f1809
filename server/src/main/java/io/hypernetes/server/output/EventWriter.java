package io.hypernetes.server.output;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.protobuf.Envelope;
import io.hypernetes.server.http.Pace;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.registry.ServedEvent;
import io.hypernetes.server.request.Format;

import tools.jackson.databind.node.ObjectNode;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/**
 * Events of a watch, one JSON object a line or one protobuf frame each. An object's own JSON is
 * written as it is; all watchers share it.
 */
public final class EventWriter {
    private static final byte[] END = Answers.utf8("}\n");

    private final ResourceType type;
    private final Answers answers;
    private final OutputStream out;
    private final boolean plain;
    private boolean columnsSent;

    public EventWriter(ResourceType type, Answers answers, OutputStream out) {
        this.type = type;
        this.answers = answers;
        this.out = out;
        this.plain = answers.format().equals(Format.JSON) && !answers.everyTenant();
    }

    /**
     * What came together: where that is much, each piece of it is made within one {@link Pace.Turn
     * turn} and sent before the next, as a list is.
     */
    public void write(List<ServedEvent> events) throws IOException {
        ByteArrayOutputStream made = new ByteArrayOutputStream(0);
        int from = 0;
        while (from < events.size()) {
            int next = from;
            long length = 0;
            while (next < events.size() && length < Pace.WORK) {
                length += events.get(next++).object().bytes().length;
            }
            List<ServedEvent> piece = events.subList(from, next);
            if (length < Pace.WORK) {
                write(out, piece);
            } else {
                made.reset();
                try (Pace.Turn _ = Pace.turn(length)) {
                    write(made, piece);
                }
                made.writeTo(out);
            }
            from = next;
        }
    }

    private void write(OutputStream to, List<ServedEvent> events) throws IOException {
        for (ServedEvent event : events) {
            write(to, event.type().name(), body(event.object()));
        }
    }

    private byte[] body(Served object) {
        if (plain) {
            return object.bytes();
        }
        byte[] body = answers.bytes(answers.shaped(type, object, !columnsSent));
        columnsSent = true;
        return body;
    }

    /** Tells how far the watch is; {@code initialEnd} also that the first list is complete. */
    public void bookmark(long revision, boolean initialEnd) throws IOException {
        ObjectNode object = Json.object();
        object.put("kind", type.kind()).put("apiVersion", type.apiVersion());
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("resourceVersion", Long.toString(revision));
        metadata.putNull("creationTimestamp");
        if (initialEnd) {
            metadata.putObject("annotations").put("k8s.io/initial-events-end", "true");
        }
        write(out, "BOOKMARK", answers.bytes(answers.bookmark(type, object)));
    }

    public void error(Status status) throws IOException {
        write(out, "ERROR", answers.bytes(Statuses.failure(status)));
    }

    private void write(OutputStream to, String kind, byte[] object) throws IOException {
        if (answers.format().encoding() == Format.Encoding.PROTOBUF) {
            to.write(Envelope.event(kind, object));
            return;
        }
        to.write(Answers.utf8("{\"type\":\"" + kind + "\",\"object\":"));
        to.write(object);
        to.write(END);
    }

    public void flush() throws IOException {
        out.flush();
    }
}
