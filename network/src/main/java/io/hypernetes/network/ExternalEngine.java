package io.hypernetes.network;

import java.util.List;
import java.util.Map;

/**
 * The part of the Network seam that leads outside. A tenant has one address there, which its pods
 * are seen with, and those of its Services that {@link ServiceEngine} carries. Nothing goes in or
 * out otherwise: a network is closed until it is opened.
 *
 * <p>Idempotent and level-triggered, as {@link NetworkEngine} is.
 */
public interface ExternalEngine {

    /** The tenants that have an address outside. */
    Map<String, String> gateways();

    /**
     * Gives the tenant this address outside, or another one instead. The tenant has a network.
     *
     * @throws NetworkException when there is no uplink
     */
    void ensureGateway(String tenant, String address);

    /** Closes the way in and out of all networks of the tenant; nothing when there is none. */
    void deleteGateway(String tenant);

    /** Whether pods of the network may begin connections to the outside. */
    void ensureEgress(NetworkId network, boolean allowed);

    /**
     * Who may ask at an address outside.
     *
     * @param ranges of either family; none at all means everybody
     */
    void ensureSources(String address, List<String> ranges);

    /**
     * Leads all that comes to an address outside to a pod, and shows the pod with it. A tenant
     * without an address of its own outside has none of these.
     *
     * @param pods addresses of pods in their networks by address outside, each of its family: all
     *     that the tenant has
     */
    void ensureFloating(String tenant, Map<String, String> pods);
}
