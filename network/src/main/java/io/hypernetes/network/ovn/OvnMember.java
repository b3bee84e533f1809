package io.hypernetes.network.ovn;

import io.hypernetes.network.Underlay;
import io.hypernetes.network.ovsdb.Remote;

import java.util.Optional;

/**
 * A machine's part in its installation's OVN.
 *
 * @param underlay to the other machines; without one there are none
 * @param mtu of guests, in bytes, the same on all machines
 */
public record OvnMember(Role role, Optional<Underlay> underlay, int mtu) {

    /**
     * In bytes, of guests. A tunnel between two machines needs 58 of the 1500 of the wire (78 over
     * IPv6), and packets that are too large vanish without a message. The same on one machine, so
     * that others can join it later.
     */
    public static final int USUAL_MTU = 1400;

    /** One machine, which is all of the installation. */
    public static final OvnMember ALONE =
            new OvnMember(new Role.Central(), Optional.empty(), USUAL_MTU);

    /** Where the databases of the installation are. */
    public sealed interface Role {
        /** Here. */
        record Central() implements Role {}

        /**
         * On another machine.
         *
         * @param chassis this machine's name there
         */
        record Joined(String chassis, Remote northbound, Remote southbound) implements Role {}
    }

    boolean isCentral() {
        return role instanceof Role.Central;
    }
}
