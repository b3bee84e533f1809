package io.hypernetes.network;

import io.hypernetes.network.tap.Netns;

import java.util.List;
import java.util.Optional;

/**
 * The Network seam: one layer-2 segment per tenant network, one port per pod. Addresses may repeat
 * from network to network; nothing passes between two networks.
 *
 * <p>Every method is idempotent and level-triggered: it brings the engine to what is asked from
 * whatever is there, so that it may be repeated after a crash at any instant. All throw {@link
 * NetworkException} with a sentence that says what to do.
 */
public interface NetworkEngine extends AutoCloseable {

    /** Makes the network, or brings an existing one to this specification. */
    void ensureNetwork(NetworkSpec network);

    /** Removes the network and all its ports; nothing when there is none. */
    void deleteNetwork(NetworkId network);

    List<NetworkId> networks();

    /**
     * Gives a port of the network to a pod: an address, a MAC, and a TAP on this machine that is
     * plugged in. The same port id gets the same address again, also after a restart.
     *
     * @throws NetworkException when the network has no free address left
     */
    Port attach(NetworkId network, PortId port);

    /**
     * The same for a pod that is processes of this machine, whose network namespace is not there
     * yet: the port has its address and its MAC, and nothing is plugged in.
     */
    Port reserve(NetworkId network, PortId port);

    /**
     * Leads a cable from a reserved port into a pod's network namespace, where it is {@code eth0}
     * with all that the port says. A pod that has it already is not disturbed.
     *
     * @throws NetworkException when there is no such port
     */
    void connect(PortId port, Netns pod);

    /**
     * Waits until packets flow through an attached port as they should: nothing of the pod may run
     * before. Some ten milliseconds as a rule, more for the first port of a network; at once when
     * it is ready.
     */
    void awaitReady(Port port);

    /** Unplugs and removes the port, its TAP and its address; nothing when there is none. */
    void detach(PortId port);

    Optional<Port> port(PortId port);

    /** All ports of this machine, for finding those whose pod is gone. */
    List<PortId> ports();

    /**
     * This machine's own end in the network, made if there is none. It goes with the network.
     *
     * @param services that lead there, the same on all machines
     * @throws NetworkException when there is no such network
     */
    LocalPort ensureLocalPort(NetworkId network, List<LocalService> services);

    /** Removes this machine's own end; nothing when there is none. */
    void deleteLocalPort(NetworkId network);

    /** The other machines that carry these networks; none when there is one machine alone. */
    List<String> machines();

    /** Forgets another machine, with its ports, once it is gone; nothing when there is none. */
    void deleteMachine(String name);

    /** Carries the Services of tenants on their networks. */
    ServiceEngine services();

    /** Keeps the NetworkPolicies of tenants. */
    PolicyEngine policies();

    /** Leads tenants outside, where there is an uplink. */
    ExternalEngine outside();

    /** Lets go of connections; the data plane keeps running. */
    @Override
    void close();
}
