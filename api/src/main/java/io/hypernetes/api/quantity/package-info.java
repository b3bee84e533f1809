/**
 * Amounts of resources: {@code 1500m}, {@code 1Gi}.
 *
 * <p>Entry class: {@link io.hypernetes.api.quantity.Quantity}. Immutable, for any thread.
 */
@NullMarked
package io.hypernetes.api.quantity;

import org.jspecify.annotations.NullMarked;
