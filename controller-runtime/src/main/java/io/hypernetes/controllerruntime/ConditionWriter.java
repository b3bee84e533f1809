package io.hypernetes.controllerruntime;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.client.Client;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.function.Consumer;

/**
 * Writes a condition of an object together with other changes of its status, and tells of a new
 * reason in an event. May be used by any thread.
 */
public record ConditionWriter(Client client, EventRecorder events, Clock clock) {

    /**
     * Nothing when the object is gone or says all of it already.
     *
     * @param tone of the event
     * @param change of the status
     */
    public void write(
            ResourceType type,
            ObjectKey key,
            StatusCondition condition,
            EventRecorder.Type tone,
            Consumer<ObjectNode> change) {
        ObjectNode object = client.find(type, key).orElse(null);
        if (object == null) {
            return;
        }
        ObjectNode changed = object.deepCopy();
        change.accept(changed.withObject("status"));
        if (condition.isIn(object) && changed.equals(object)) {
            return;
        }
        condition.put(changed, clock.instant());
        ObjectNode written = client.updateStatus(type, key.tenant(), changed);
        if (condition.isNews(object)) {
            events.record(key.tenant(), written, tone, condition.reason(), condition.message());
        }
    }
}
