package io.hypernetes.cri;

import java.util.List;

/**
 * The network interface of a sandbox.
 *
 * @param tap a TAP device of the node, already plugged into the tenant's network
 * @param mac six hexadecimal pairs with colons
 * @param addresses set in the guest, at most one of each family, the main one first
 * @param mtu in bytes
 */
public record SandboxNic(String tap, String mac, List<Address> addresses, int mtu) {

    /**
     * An address of IPv4 or IPv6.
     *
     * @param prefixLength of its subnet
     * @param gateway next hop; empty for none
     */
    public record Address(String ip, int prefixLength, String gateway) {
        public Address {
            if (ip.isEmpty()) {
                throw new IllegalArgumentException("an address is empty");
            }
            if (prefixLength < 0 || prefixLength > (ip.contains(":") ? 128 : 32)) {
                throw new IllegalArgumentException("not a prefix length: " + prefixLength);
            }
        }
    }

    public SandboxNic {
        addresses = List.copyOf(addresses);
        if (tap.isEmpty() || mac.isEmpty() || addresses.isEmpty()) {
            throw new IllegalArgumentException("a NIC needs a tap, a mac and an address");
        }
    }

    /** The addresses alone. */
    public List<String> ips() {
        return addresses.stream().map(Address::ip).toList();
    }
}
