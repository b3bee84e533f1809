package io.hypernetes.network.ovn;

import io.hypernetes.network.NetworkId;
import io.hypernetes.network.PortId;

import java.util.List;

/**
 * A pod's port as the northbound database has it.
 *
 * @param addresses with the subnet of each, the main one first
 * @param nameServer of its network
 * @param chassis the machine that it was attached on last
 */
record LogicalPort(
        PortId id,
        NetworkId network,
        String mac,
        List<Address> addresses,
        String nameServer,
        String chassis) {

    record Address(String ip, Subnet subnet) {}

    LogicalPort {
        addresses = List.copyOf(addresses);
    }

    /** What its switch lets pass: MAC and addresses (ovn-nb(5), addresses, port_security). */
    String identity() {
        return identity(mac, addresses.stream().map(Address::ip).toList());
    }

    static String identity(String mac, List<String> addresses) {
        return mac + " " + String.join(" ", addresses);
    }

    /** The addresses of an identity. */
    static List<String> addresses(String identity) {
        String[] words = identity.split(" ", -1);
        return List.of(words).subList(1, words.length);
    }
}
