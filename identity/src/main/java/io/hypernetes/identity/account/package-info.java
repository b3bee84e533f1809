/**
 * Users and service accounts as the cluster keeps them, mirrored in memory, so that a deletion is
 * felt by the next request.
 *
 * <p>Entry class: {@link io.hypernetes.identity.account.Accounts}. May be used by any thread.
 */
@NullMarked
package io.hypernetes.identity.account;

import org.jspecify.annotations.NullMarked;
