package io.hypernetes.network;

import java.util.List;

/**
 * The part of the Network seam that carries Services. A Service answers on all networks of its
 * tenant and on no other; two tenants may have the same addresses.
 *
 * <p>Idempotent and level-triggered, as {@link NetworkEngine} is. Connections that are open stay
 * with their backend when the backends of a Service change.
 */
public interface ServiceEngine {

    /** How new connections are spread over backends. */
    enum Affinity {
        NONE,
        /** A client's address always meets the same backend, for as long as that is there. */
        CLIENT_ADDRESS
    }

    /**
     * Brings the service to these servers, with as little change as possible. May come before the
     * tenant has a network.
     */
    void ensureService(ServiceId service, List<VirtualServer> servers, Affinity affinity);

    /** Removes the service; nothing when there is none. */
    void deleteService(ServiceId service);

    /** All services that are there, for finding those whose object is gone. */
    List<ServiceId> services();
}
