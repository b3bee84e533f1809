/**
 * The client for what runs in the server's own process: the registry without HTTP.
 *
 * <p>Entry class: {@link io.hypernetes.server.local.LocalClient}. For any thread.
 */
@NullMarked
package io.hypernetes.server.local;

import org.jspecify.annotations.NullMarked;
