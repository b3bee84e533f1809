/**
 * The one registry behind all resource types: reads from the watch cache, writes through defaults,
 * admission and validation into the store.
 *
 * <p>Entry classes: {@link io.hypernetes.server.registry.Reads}, {@link
 * io.hypernetes.server.registry.Writes}. Both are for any thread; a call blocks its own.
 */
@NullMarked
package io.hypernetes.server.registry;

import org.jspecify.annotations.NullMarked;
