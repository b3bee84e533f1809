package io.hypernetes.network;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The part of the Network seam that keeps NetworkPolicies. A pod that a policy selects is isolated
 * in the policy's directions: nothing passes but what one of its policies allows, and answers.
 * Changes act on open connections, too. Names are always answered, and a pod may speak to itself.
 *
 * <p>One writer at a time: policies are written where the installation's networks are kept, for the
 * pods of all machines. Idempotent and level-triggered, as {@link NetworkEngine} is.
 */
public interface PolicyEngine {

    enum Direction {
        INGRESS,
        EGRESS
    }

    /** Whom the other end may be. */
    sealed interface Peers {
        record Anyone() implements Peers {}

        record Addresses(Set<String> addresses) implements Peers {
            public Addresses {
                addresses = Set.copyOf(addresses);
            }
        }

        /** A range of addresses without some others. */
        record Block(String cidr, List<String> except) implements Peers {
            public Block {
                except = List.copyOf(except);
            }
        }
    }

    /** From first to last, both meant. */
    record PortRange(VirtualServer.Protocol protocol, int first, int last) {}

    /**
     * What an isolated pod may do all the same.
     *
     * @param ports none means all ports of all protocols
     * @param destinations narrows an ingress down to some of the selected pods
     */
    record Allowance(
            Direction direction,
            Peers peers,
            List<PortRange> ports,
            Optional<Set<String>> destinations) {
        public Allowance {
            ports = List.copyOf(ports);
        }
    }

    /**
     * A whole policy.
     *
     * @param selected the pods that the policy is about
     * @param isolated in which directions
     * @param allowed in an order that changes as little as can be
     */
    record Policy(Set<PortId> selected, Set<Direction> isolated, List<Allowance> allowed) {
        public Policy {
            selected = Set.copyOf(selected);
            isolated = Set.copyOf(isolated);
            allowed = List.copyOf(allowed);
        }
    }

    /** Told of the ports of pods. It must neither wait nor fail. */
    @FunctionalInterface
    interface PortListener {
        /**
         * @param addresses none when the port is gone
         */
        void changed(PortId port, List<String> addresses);
    }

    /**
     * Brings the policy to this, with as little change as possible. Selected pods without a port
     * are left out: call again when they have one.
     *
     * @param revision of what the policy was computed from
     */
    void ensurePolicy(PolicyId id, long revision, Policy policy);

    /** Removes the policy; nothing when there is none. */
    void deletePolicy(PolicyId id);

    List<PolicyId> policies();

    /**
     * Tells of the ports of all machines: at once of those that there are, and of each that comes
     * or goes. One that goes while the engine has no connection is not told.
     */
    void listen(PortListener listener);

    /**
     * Whether all these policies stand as they were at these revisions, or as they were later, and
     * the port is among those that they select. Changes nothing, so that any machine may ask.
     */
    boolean holds(PortId port, Map<PolicyId, Long> revisions);

    /** Returns when this machine does what was said before the call, a moment as a rule. */
    void awaitApplied();
}
