package io.hypernetes.network.external;

import io.hypernetes.api.ApiException;
import io.hypernetes.api.Metadata;
import io.hypernetes.api.Status.Reason;
import io.hypernetes.api.Tenant;
import io.hypernetes.api.client.Client;
import io.hypernetes.api.custom.Conditions;
import io.hypernetes.api.types.BuiltinTypes;
import io.hypernetes.controllerruntime.EventRecorder;
import io.hypernetes.controllerruntime.EventRecorder.Type;

import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.Clock;
import java.util.List;

/** Writes what a FloatingIP is into the object, and tells what is new as an event. */
final class FloatingIpStatus {

    private static final String ALLOCATED = "Allocated";
    private static final String ATTACHED = "Attached";

    private final Client client;
    private final EventRecorder events;
    private final Clock clock;

    FloatingIpStatus(Client client, EventRecorder events, Clock clock) {
        this.client = client;
        this.events = events;
        this.clock = clock;
    }

    /** There is no address for it. */
    void without(Tenant tenant, ObjectNode object, String wanted) {
        if (wanted.isEmpty()) {
            pending(tenant, object, "PoolExhausted", "the operator's pool has no free address");
        } else {
            pending(
                    tenant,
                    object,
                    "AddressNotAvailable",
                    wanted + " is in use, or not of the operator's pool");
        }
    }

    /** It has no address, for this reason. */
    void pending(Tenant tenant, ObjectNode object, String reason, String message) {
        ObjectNode changed = withFinalizer(tenant, object);
        ObjectNode status = changed.withObjectProperty("status");
        status.put("phase", "Pending").remove(List.of("address", "ipv6Address"));
        status.remove("attachedTo");
        Conditions.set(changed, ALLOCATED, false, reason, message, clock.instant());
        Conditions.set(changed, ATTACHED, false, "NoAddress", "no address yet", clock.instant());
        write(tenant, object, changed);
    }

    /**
     * @param addresses of the pool, and that of IPv6 beside it if there is one
     */
    void with(Tenant tenant, ObjectNode object, List<String> addresses, Attachment attachment) {
        ObjectNode changed = withFinalizer(tenant, object);
        ObjectNode status = changed.withObjectProperty("status");
        status.put("address", addresses.getFirst()).remove("ipv6Address");
        addresses.stream().skip(1).forEach(ipv6 -> status.put("ipv6Address", ipv6));
        status.put("phase", attachment.holds() ? ATTACHED : ALLOCATED);
        status.remove("attachedTo");
        if (attachment.holds()) {
            ObjectNode to = status.putObject("attachedTo");
            to.put("kind", attachment.kind()).put("name", attachment.name());
            attachment.ways().stream().findFirst().ifPresent(way -> to.put("address", way.pod()));
        }
        String all = String.join(" and ", addresses);
        Conditions.set(changed, ALLOCATED, true, ALLOCATED, all, clock.instant());
        Conditions.set(
                changed,
                ATTACHED,
                attachment.holds(),
                attachment.reason(),
                attachment.message(),
                clock.instant());
        write(tenant, object, changed);
    }

    /** Before it may get an address, so that the address is given back when it is deleted. */
    private ObjectNode withFinalizer(Tenant tenant, ObjectNode object) {
        ObjectNode changed = object.deepCopy();
        if (Metadata.finalizers(object).contains(FloatingIps.FINALIZER)) {
            return changed;
        }
        Metadata.ensureFinalizers(changed).add(FloatingIps.FINALIZER);
        return client.update(BuiltinTypes.FLOATING_IPS, tenant, changed).deepCopy();
    }

    private void write(Tenant tenant, ObjectNode before, ObjectNode changed) {
        if (changed.path("status").equals(before.path("status"))) {
            return;
        }
        ObjectNode written = client.updateStatus(BuiltinTypes.FLOATING_IPS, tenant, changed);
        for (String condition : new String[] {ALLOCATED, ATTACHED}) {
            tell(tenant, condition, before, written);
        }
    }

    private void tell(Tenant tenant, String condition, ObjectNode before, ObjectNode now) {
        String reason = Conditions.find(now, condition).path("reason").asString("");
        String message = Conditions.find(now, condition).path("message").asString("");
        boolean same =
                Conditions.find(before, condition).path("reason").asString("").equals(reason)
                        && Conditions.find(before, condition)
                                .path("message")
                                .asString("")
                                .equals(message);
        boolean first = Conditions.find(before, condition).isMissingNode();
        boolean holds = Conditions.isTrue(now, condition);
        boolean idle = reason.equals("NoTarget") || reason.equals("NoAddress");
        if (same || (first && idle)) {
            return;
        }
        String told = reason.equals("NoTarget") ? "Detached" : reason;
        events.record(tenant, now, holds || idle ? Type.NORMAL : Type.WARNING, told, message);
    }

    void release(Tenant tenant, ObjectNode object) {
        if (!Metadata.finalizers(object).contains(FloatingIps.FINALIZER)) {
            return;
        }
        ObjectNode changed = object.deepCopy();
        ArrayNode finalizers = Metadata.ensureFinalizers(changed);
        finalizers.removeIf(name -> name.asString("").equals(FloatingIps.FINALIZER));
        try {
            client.update(BuiltinTypes.FLOATING_IPS, tenant, changed);
        } catch (ApiException e) {
            if (!e.is(Reason.NOT_FOUND)) {
                throw e;
            }
        }
    }
}
