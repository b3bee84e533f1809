/**
 * The API server: the Kubernetes API of every tenant's world at one port.
 *
 * <p>Entry class: {@link io.hypernetes.server.ApiServer}. A request runs on a virtual thread of its
 * own from the first byte to the last; nothing is shared between requests but the store, the watch
 * cache and the seat counters.
 */
@NullMarked
package io.hypernetes.server;

import org.jspecify.annotations.NullMarked;
