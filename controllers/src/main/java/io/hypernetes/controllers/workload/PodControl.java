package io.hypernetes.controllers.workload;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.ResourceType;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.client.DeleteOptions;
import io.hypernetes.api.client.Selection;
import io.hypernetes.api.client.TenantObject;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.EventRecorder.Type;

import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.List;

/**
 * Makes and deletes pods for owners, and tells of it in upstream's events. Before either, callers
 * list the truth, so that a mirror that lags makes no pod twice.
 */
final class PodControl {

    private final Client client;
    private final EventRecorder events;

    /**
     * @param component who speaks in the events
     */
    PodControl(Client client, String component, Clock clock) {
        this.client = client;
        this.events = new EventRecorder(client, BuiltinTypes.EVENTS, component, clock);
    }

    ObjectNode create(Tenant tenant, ObjectNode owner, ObjectNode pod) {
        try {
            ObjectNode created = client.create(BuiltinTypes.PODS, tenant, pod);
            tell(tenant, owner, true, "SuccessfulCreate", "Created pod: " + Metadata.name(created));
            return created;
        } catch (ApiException e) {
            tell(tenant, owner, false, "FailedCreate", "Error creating: " + e.status().message());
            throw e;
        }
    }

    /** One that is gone already is fine. */
    ObjectNode delete(Tenant tenant, ObjectNode owner, ObjectNode pod) {
        try {
            if (remove(BuiltinTypes.PODS, tenant, pod)) {
                String message = "Deleted pod: " + Metadata.name(pod);
                tell(tenant, owner, true, "SuccessfulDelete", message);
            }
            return pod;
        } catch (ApiException e) {
            tell(tenant, owner, false, "FailedDelete", "Error deleting: " + e.status().message());
            throw e;
        }
    }

    /** Deletes this incarnation of an object, if its uid is known; whether it was there. */
    boolean remove(ResourceType type, Tenant tenant, ObjectNode object) {
        ObjectKey key = new ObjectKey(tenant, Metadata.namespace(object), Metadata.name(object));
        try {
            client.delete(
                    type,
                    key,
                    Metadata.uid(object).isEmpty()
                            ? DeleteOptions.DEFAULT
                            : DeleteOptions.DEFAULT.onlyUid(Metadata.uid(object)));
            return true;
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
            return false;
        }
    }

    /** The namespace's pods as they are, not as a mirror has them. */
    List<ObjectNode> listed(Tenant tenant, String namespace) {
        return client.list(BuiltinTypes.PODS, Selection.of(tenant, namespace)).items().stream()
                .map(TenantObject::object)
                .toList();
    }

    /**
     * Asked after the pods were listed: pods that the garbage collector took because their owner is
     * being deleted must not be made again, however late a mirror hears of the deletion.
     */
    boolean isStillThere(ResourceType type, ObjectKey key, ObjectNode owner) {
        return client.find(type, key)
                .filter(now -> Metadata.uid(now).equals(Metadata.uid(owner)))
                .filter(now -> !Metadata.isBeingDeleted(now))
                .isPresent();
    }

    void tell(Tenant tenant, ObjectNode owner, boolean good, String reason, String message) {
        events.record(tenant, owner, good ? Type.NORMAL : Type.WARNING, reason, message);
    }
}
