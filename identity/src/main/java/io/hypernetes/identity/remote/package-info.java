/**
 * Asking other servers about identity and rights so that nobody has to wait for ever and no answer
 * is too large.
 *
 * <p>Entry classes: {@link io.hypernetes.identity.remote.BoundedHttp}, {@link
 * io.hypernetes.identity.remote.Confirmations}. May be used by any thread.
 */
@NullMarked
package io.hypernetes.identity.remote;

import org.jspecify.annotations.NullMarked;
