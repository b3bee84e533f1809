/**
 * Who asks and whether they may: the contracts between the server, which asks these questions, and
 * the identity module, which answers them.
 *
 * <p>Entry classes: {@link io.hypernetes.api.access.Authenticator}, {@link
 * io.hypernetes.api.access.Authorizer}. Implementations are used by every request thread at once.
 */
@NullMarked
package io.hypernetes.api.access;

import org.jspecify.annotations.NullMarked;
