package io.hypernetes.network;

/**
 * What carries tenants' packets from machine to machine.
 *
 * @param device of the machine that leads to the others; it is taken into the switch's namespace
 * @param address of this machine there, with the prefix' length: {@code 192.0.2.11/24}
 */
public record Underlay(String device, String address) {

    private static final int ROOM_OF_TUNNEL = 58;
    private static final int ROOM_OF_TUNNEL_OVER_IPV6 = 78;

    /**
     * What packets of guests may have of a packet of the wire, in bytes. The rest is Ethernet of
     * the guest (14), geneve with OVN's option (16), UDP (8) and IP (20 or 40).
     */
    public int guestMtu(int wire) {
        return wire - (host().contains(":") ? ROOM_OF_TUNNEL_OVER_IPV6 : ROOM_OF_TUNNEL);
    }

    /** The address alone. */
    public String host() {
        return address.split("/", 2)[0];
    }
}
