/**
 * What a request and an answer are to the rest of the server, whatever carries them.
 *
 * <p>Entry class: {@link io.hypernetes.server.http.Exchange}. An exchange belongs to the one
 * (virtual) thread that serves its request; all its calls block.
 */
@NullMarked
package io.hypernetes.server.http;

import org.jspecify.annotations.NullMarked;
