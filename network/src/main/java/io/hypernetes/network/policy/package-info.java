/**
 * From NetworkPolicy objects to what the data plane is to keep.
 *
 * <p>Entry class: {@link io.hypernetes.network.policy.PolicyController}, whose methods any thread
 * may call.
 */
@NullMarked
package io.hypernetes.network.policy;

import org.jspecify.annotations.NullMarked;
