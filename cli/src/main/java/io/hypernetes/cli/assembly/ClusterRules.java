package io.hypernetes.cli.assembly;

import io.hypernetes.network.Underlay;
import io.hypernetes.network.ovn.OvnMember;

import java.util.Optional;

/**
 * How this machine takes part in an installation of several.
 *
 * @param address that other machines reach it at; empty: it is alone
 * @param underlay carries tenants' packets to them
 * @param mtu of guests, in bytes
 */
public record ClusterRules(Optional<String> address, Optional<Underlay> underlay, int mtu) {

    public static final ClusterRules ALONE =
            new ClusterRules(Optional.empty(), Optional.empty(), OvnMember.USUAL_MTU);
}
