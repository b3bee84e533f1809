package io.hypernetes.cri;

/**
 * The network interface of a sandbox.
 *
 * @param tap a TAP device of the node, already plugged into the tenant's network
 * @param mac six hexadecimal pairs with colons
 * @param address IPv4, set in the guest
 * @param prefixLength of the address' subnet
 * @param gateway IPv4 next hop; empty for none
 * @param mtu in bytes
 */
public record SandboxNic(
        String tap, String mac, String address, int prefixLength, String gateway, int mtu) {
    public SandboxNic {
        if (tap.isEmpty() || mac.isEmpty() || address.isEmpty()) {
            throw new IllegalArgumentException("a NIC needs a tap, a mac and an address");
        }
        if (prefixLength < 0 || prefixLength > 32) {
            throw new IllegalArgumentException("not a prefix length: " + prefixLength);
        }
    }
}
