package io.hypernetes.tenancy;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.client.Client;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.EventRecorder.Type;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.function.Consumer;

/** Writes a condition together with other changes of a status, and tells of a new reason. */
final class ConditionWriter {

    private ConditionWriter() {}

    /** Nothing when the object is gone or says all of it already. */
    static void write(
            Client client,
            EventRecorder events,
            Clock clock,
            ResourceType type,
            ObjectKey key,
            StatusCondition condition,
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
            boolean bad = condition.status().equals("False") && isWarning(condition);
            events.record(
                    key.tenant(),
                    written,
                    bad ? Type.WARNING : Type.NORMAL,
                    condition.reason(),
                    condition.message());
        }
    }

    /** A world that is not ready by somebody's will is no reason to worry. */
    private static boolean isWarning(StatusCondition condition) {
        return !condition.type().equals("Ready");
    }
}
