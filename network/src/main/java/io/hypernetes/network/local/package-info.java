/**
 * What this machine answers inside tenants' networks: names, and the API.
 *
 * <p>Entry class: {@link io.hypernetes.network.local.ServedNetworks}. Any thread may call.
 */
@NullMarked
package io.hypernetes.network.local;

import org.jspecify.annotations.NullMarked;
