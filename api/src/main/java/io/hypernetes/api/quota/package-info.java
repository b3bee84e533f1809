/**
 * What objects use of their namespace: compute resources of pods, storage of claims, and how many
 * of each type there are. Pure; shared by admission, which charges, and the controller, which
 * counts again.
 *
 * <p>Entry classes: {@link io.hypernetes.api.quota.Usage}, {@link io.hypernetes.api.quota.Quota}.
 */
@NullMarked
package io.hypernetes.api.quota;

import org.jspecify.annotations.NullMarked;
