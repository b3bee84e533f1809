/**
 * The Network seam on OVN: a logical switch and a logical router per network, a logical switch port
 * per pod, and an OVN of our own below.
 *
 * <p>Entry classes: {@link io.hypernetes.network.ovn.OvnDaemons}, which runs OVN, and {@link
 * io.hypernetes.network.ovn.OvnEngine}, which speaks to it. Both may be called by any thread.
 */
@NullMarked
package io.hypernetes.network.ovn;

import org.jspecify.annotations.NullMarked;
