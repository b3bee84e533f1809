/**
 * SPDY/3.1 as Kubernetes' older clients speak it, the server's side: many byte streams over one
 * connection. It knows nothing of HTTP: after the upgrade, streams carry raw bytes, and their
 * headers say what for.
 *
 * <p>Entry class: {@link io.hypernetes.server.streaming.spdy.SpdySession}. One thread reads a
 * session's frames; any thread writes to its streams. Everything a stranger sends is bounded: frame
 * lengths, header blocks after decompression, streams, and the bytes that wait to be read.
 */
@NullMarked
package io.hypernetes.server.streaming.spdy;

import org.jspecify.annotations.NullMarked;
