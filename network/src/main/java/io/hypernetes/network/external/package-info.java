/**
 * The way out of tenants' networks: which may use it, and the addresses outside.
 *
 * <p>Entry class: {@link io.hypernetes.network.external.ExternalController}. The pool may be used
 * by any thread; a tenant is looked at by one at a time.
 */
@NullMarked
package io.hypernetes.network.external;

import org.jspecify.annotations.NullMarked;
