/**
 * ID tokens of an OpenID Connect provider.
 *
 * <p>Entry class: {@link io.hypernetes.identity.oidc.OidcAuthenticator}. For any thread.
 */
@NullMarked
package io.hypernetes.identity.oidc;

import org.jspecify.annotations.NullMarked;
