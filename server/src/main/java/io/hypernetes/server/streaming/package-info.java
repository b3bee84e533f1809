/**
 * The way into pods for clients: logs, exec, attach, port-forward, and the other subresources that
 * are actions.
 *
 * <p>Entry class: {@link io.hypernetes.server.streaming.PodSubresources}. A session runs on its own
 * threads, bounded by what its client reads.
 */
@NullMarked
package io.hypernetes.server.streaming;

import org.jspecify.annotations.NullMarked;
