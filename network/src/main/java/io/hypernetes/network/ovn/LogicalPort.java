package io.hypernetes.network.ovn;

import io.hypernetes.network.NetworkId;
import io.hypernetes.network.PortId;

/**
 * A pod's port as the northbound database has it.
 *
 * @param nameServer of its network
 * @param chassis the machine that it was attached on last
 */
record LogicalPort(
        PortId id,
        NetworkId network,
        String mac,
        String address,
        Subnet subnet,
        String nameServer,
        String chassis) {}
