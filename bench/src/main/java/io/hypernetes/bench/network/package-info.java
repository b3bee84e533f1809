/**
 * Measures networks: how soon what is written takes effect in packets, names, and what the switch
 * costs beside a plain one. The whole API in one process, the real OVN, and hosts that are network
 * namespaces; no virtual machines.
 *
 * <p>Entry class: {@link io.hypernetes.bench.network.NetworkBench}. One thread measures; what it
 * measures has its own.
 */
@NullMarked
package io.hypernetes.bench.network;

import org.jspecify.annotations.NullMarked;
