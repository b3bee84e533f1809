/**
 * The Network seam: layer-2 networks of tenants and the ports of pods on them.
 *
 * <p>Entry class: {@link io.hypernetes.network.NetworkEngine}. Implementations are called by many
 * threads at once.
 */
@NullMarked
package io.hypernetes.network;

import org.jspecify.annotations.NullMarked;
