/**
 * Connections from the server into a tenant's world, and HTTP/1.1 over them: for the proxy
 * subresources, webhooks and aggregated APIs.
 *
 * <p>Entry classes: {@link io.hypernetes.server.outbound.PodDialer} opens a connection, {@link
 * io.hypernetes.server.outbound.HttpConnection} speaks HTTP over one. Everything blocks the calling
 * (virtual) thread; a connection belongs to one thread, except that any thread may close it.
 */
@NullMarked
package io.hypernetes.server.outbound;

import org.jspecify.annotations.NullMarked;
