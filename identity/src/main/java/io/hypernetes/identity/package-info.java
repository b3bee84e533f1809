/**
 * Who asks, and whether they may. Below this package: {@code pki} (own certificates and keys),
 * {@code account} (users as the cluster keeps them), {@code certificate}, {@code token} and {@code
 * password} (three ways to prove who one is) and {@code rbac} (what one may do).
 *
 * <p>Entry class: {@link io.hypernetes.identity.Unauthorized}, the one answer that all
 * authenticators give. Everything here may be used by many request threads at once.
 */
@NullMarked
package io.hypernetes.identity;

import org.jspecify.annotations.NullMarked;
