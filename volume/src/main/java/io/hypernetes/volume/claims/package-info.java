/**
 * Gives claims their volumes: dynamic provisioning from a pool, binding, reclaiming, and the
 * protection of what is in use.
 *
 * <p>Entry class: {@link io.hypernetes.volume.claims.ClaimController}. It runs on the workers of
 * two controllers, one over claims, one over volumes; a key is with one worker at a time.
 */
@NullMarked
package io.hypernetes.volume.claims;

import org.jspecify.annotations.NullMarked;
