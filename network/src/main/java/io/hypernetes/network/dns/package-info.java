/**
 * Cluster DNS after the Kubernetes DNS specification: a server in each tenant network that answers
 * from the objects of that tenant alone.
 *
 * <p>Entry classes: {@link io.hypernetes.network.dns.ClusterDns}, which all networks share, and
 * {@link io.hypernetes.network.dns.DnsServer}, of which each has its own. Any thread may ask.
 */
@NullMarked
package io.hypernetes.network.dns;

import org.jspecify.annotations.NullMarked;
