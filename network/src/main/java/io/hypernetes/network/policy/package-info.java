/**
 * From NetworkPolicy objects to what the data plane is to keep.
 *
 * <p>Entry classes: {@link io.hypernetes.network.policy.PolicyController}, one for the whole
 * installation, and {@link io.hypernetes.network.policy.PolicyGate}, one on each machine, whose
 * methods any thread may call.
 */
@NullMarked
package io.hypernetes.network.policy;

import org.jspecify.annotations.NullMarked;
