/**
 * Bearer tokens that this installation signs: JSON Web Tokens (RFC 7519) for users and for service
 * accounts.
 *
 * <p>Entry classes: {@link io.hypernetes.identity.token.SignedTokens}, which makes them, and {@link
 * io.hypernetes.identity.token.TokenAuthenticator}, which believes them. May be used by any thread.
 */
@NullMarked
package io.hypernetes.identity.token;

import org.jspecify.annotations.NullMarked;
