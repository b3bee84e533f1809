/**
 * HTTP Basic (RFC 7617) against the hashes of users' passwords.
 *
 * <p>Entry classes: {@link io.hypernetes.identity.password.PasswordAuthenticator} and {@link
 * io.hypernetes.identity.password.PasswordHash}. May be used by any thread. No password is ever
 * kept, logged or put into an error.
 */
@NullMarked
package io.hypernetes.identity.password;

import org.jspecify.annotations.NullMarked;
