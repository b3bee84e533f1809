/**
 * Authorizers that always say the same, for tests and for the end of a chain.
 *
 * <p>Entry classes: {@link io.hypernetes.identity.fixed.AlwaysAllow}, {@link
 * io.hypernetes.identity.fixed.AlwaysDeny}. Stateless, for any thread.
 */
@NullMarked
package io.hypernetes.identity.fixed;

import org.jspecify.annotations.NullMarked;
