package io.hypernetes.network.ovn;

import io.hypernetes.network.Underlay;
import io.hypernetes.network.ovsdb.Remote;
import io.hypernetes.network.ovsdb.TlsFiles;

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
            new OvnMember(new Role.Central(Optional.empty()), Optional.empty(), USUAL_MTU);

    static final int NORTHBOUND_PORT = 6641;
    static final int SOUTHBOUND_PORT = 6642;

    /** Where the databases of the installation are. */
    public sealed interface Role {
        /**
         * Here.
         *
         * @param offer by which other machines reach them
         */
        record Central(Optional<Offer> offer) implements Role {}

        /**
         * On another machine.
         *
         * @param chassis this machine's name there, and in its certificate
         * @param files when the databases are reached by TLS
         */
        record Joined(
                String chassis, Remote northbound, Remote southbound, Optional<TlsFiles> files)
                implements Role {
            /** By the offer of another machine. */
            public static Joined over(String chassis, String host, TlsFiles files) {
                return new Joined(
                        chassis,
                        new Remote.Tls(host, NORTHBOUND_PORT, files),
                        new Remote.Tls(host, SOUTHBOUND_PORT, files),
                        Optional.of(files));
            }
        }
    }

    /**
     * The databases over TLS. The authority's certificates are for machines alone: who has one
     * changes all networks.
     *
     * @param address of this machine, that the others reach
     */
    public record Offer(String address, TlsFiles files) {}
}
