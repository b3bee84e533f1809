package io.hypernetes.server.output;

import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status;
import io.hypernetes.api.json.Json;
import io.hypernetes.api.protobuf.Envelope;
import io.hypernetes.server.registry.Served;
import io.hypernetes.server.registry.ServedEvent;
import io.hypernetes.server.request.Format;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.io.OutputStream;

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

    public void write(ServedEvent event) throws IOException {
        write(event.type().name(), body(event.object()));
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
        write("BOOKMARK", answers.bytes(answers.bookmark(type, object)));
    }

    public void error(Status status) throws IOException {
        write("ERROR", answers.bytes(Statuses.failure(status)));
    }

    private void write(String kind, byte[] object) throws IOException {
        if (answers.format().encoding() == Format.Encoding.PROTOBUF) {
            out.write(Envelope.event(kind, object));
            return;
        }
        out.write(Answers.utf8("{\"type\":\"" + kind + "\",\"object\":"));
        out.write(object);
        out.write(END);
    }

    public void flush() throws IOException {
        out.flush();
    }
}
