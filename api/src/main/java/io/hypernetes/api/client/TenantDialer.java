package io.hypernetes.api.client;

import io.hypernetes.api.ObjectKey;
import io.hypernetes.api.client.PodAccess.PortStream;

/**
 * Opens connections to what runs in a tenant's world: for proxies, webhooks and aggregated APIs. A
 * connection begins inside the guest of the pod that answers, never in the host's own network, so
 * that tenants with the same addresses cannot be mixed up and nothing of the host can be reached.
 */
public interface TenantDialer {

    /** What is dialled. */
    sealed interface Place {
        ObjectKey key();

        /** A pod's own port, 1 to 65535. */
        record Pod(ObjectKey key, int port) implements Place {}

        /**
         * A port of a service: one of its ready endpoints is picked at random.
         *
         * @param port name or number as the service declares it; empty for its unnamed port
         */
        record Service(ObjectKey key, String port) implements Place {}
    }

    /**
     * Throws {@link io.hypernetes.api.ApiException}: NotFound when pod or service is not there,
     * ServiceUnavailable (503) in upstream's words when nothing answers.
     *
     * @return the caller closes it
     */
    PortStream dial(Place place);
}
