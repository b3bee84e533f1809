/**
 * How everything but the server itself reads and writes objects.
 *
 * <p>Entry class: {@link io.hypernetes.api.client.Client}. Implementations may be used by many
 * threads; every call blocks its own (virtual) thread. Trees that come out belong to the caller.
 */
@NullMarked
package io.hypernetes.api.client;

import org.jspecify.annotations.NullMarked;
