package io.hypernetes.controllerruntime;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;

/**
 * Writes the Events that {@code kubectl describe} shows. The same event about the same object is
 * one Event whose count goes up. Losing an event is not worth failing a reconcile for: a refused
 * write is logged and forgotten.
 *
 * <p>May be used by any thread.
 */
public final class EventRecorder {

    /** Whether the reader has to do something. */
    public enum Type {
        NORMAL("Normal"),
        WARNING("Warning");

        private final String text;

        Type(String text) {
            this.text = text;
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(EventRecorder.class);
    private static final int LONGEST_MESSAGE = 1024;

    private final Client client;
    private final ResourceType events;
    private final String component;
    private final Clock clock;

    /**
     * @param events the built-in type of core/v1 Events
     * @param component who speaks, for instance {@code default-scheduler}
     */
    public EventRecorder(Client client, ResourceType events, String component, Clock clock) {
        this.client = client;
        this.events = events;
        this.component = component;
        this.clock = clock;
    }

    /**
     * @param about the object the event is about, with apiVersion, kind and metadata
     * @param reason one word in CamelCase
     * @param message a sentence for people
     */
    public void record(Tenant tenant, ObjectNode about, Type type, String reason, String message) {
        record(tenant, about, "", type, reason, message);
    }

    /**
     * @param fieldPath the part of the object that is meant, {@code spec.containers{web}}; empty
     *     for all of it
     */
    public void record(
            Tenant tenant,
            ObjectNode about,
            String fieldPath,
            Type type,
            String reason,
            String message) {
        String text =
                message.length() <= LONGEST_MESSAGE
                        ? message
                        : message.substring(0, LONGEST_MESSAGE - 3) + "...";
        try {
            write(tenant, about, fieldPath, type, reason, text);
        } catch (ApiException e) {
            LOG.debug("event {} about {} is lost: {}", reason, name(about), e.getMessage());
        }
    }

    private void write(
            Tenant tenant,
            ObjectNode about,
            String fieldPath,
            Type type,
            String reason,
            String message) {
        String namespace = about.path("metadata").path("namespace").asString("");
        ObjectKey key =
                new ObjectKey(
                        tenant,
                        namespace.isEmpty() ? "default" : namespace,
                        eventName(about, fieldPath, type, reason, message));
        String now = clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
        Optional<ObjectNode> known = client.find(events, key);
        if (known.isPresent()) {
            ObjectNode event = known.get().deepCopy();
            event.put("count", event.path("count").asInt(1) + 1);
            event.put("lastTimestamp", now);
            client.update(events, tenant, event);
            return;
        }
        try {
            ObjectNode event = event(key, about, type, reason, message, now);
            if (!fieldPath.isEmpty()) {
                ((ObjectNode) event.path("involvedObject")).put("fieldPath", fieldPath);
            }
            client.create(events, tenant, event);
        } catch (ApiException e) {
            if (!e.is(Reason.ALREADY_EXISTS)) {
                throw e;
            }
        }
    }

    private ObjectNode event(
            ObjectKey key, ObjectNode about, Type type, String reason, String message, String now) {
        ObjectNode event = JsonNodeFactory.instance.objectNode();
        event.put("apiVersion", "v1").put("kind", "Event");
        event.putObject("metadata").put("namespace", key.namespace()).put("name", key.name());
        ObjectNode involved = event.putObject("involvedObject");
        involved.put("apiVersion", about.path("apiVersion").asString(""));
        involved.put("kind", about.path("kind").asString(""));
        for (String field : new String[] {"namespace", "name", "uid", "resourceVersion"}) {
            String value = about.path("metadata").path(field).asString("");
            if (!value.isEmpty()) {
                involved.put(field, value);
            }
        }
        event.put("type", type.text).put("reason", reason).put("message", message);
        event.put("count", 1).put("firstTimestamp", now).put("lastTimestamp", now);
        event.putObject("source").put("component", component);
        event.put("reportingComponent", component).put("reportingInstance", "");
        return event;
    }

    /** The same event about the same incarnation gets the same name, so that it is found again. */
    private String eventName(
            ObjectNode about, String fieldPath, Type type, String reason, String message) {
        String identity =
                String.join(
                        "\0",
                        about.path("metadata").path("uid").asString(""),
                        fieldPath,
                        component,
                        type.text,
                        reason,
                        message);
        String hash =
                Long.toHexString(
                        UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8))
                                .getMostSignificantBits());
        return name(about) + "." + hash;
    }

    private static String name(ObjectNode about) {
        return about.path("metadata").path("name").asString("");
    }
}
