/**
 * Role-based access control as Kubernetes has it, one world at a time: a tenant's roles and
 * bindings decide in that tenant alone.
 *
 * <p>Entry classes: {@link io.hypernetes.identity.rbac.RbacAuthorizer} and {@link
 * io.hypernetes.identity.rbac.EscalationCheck}. May be used by any thread; the index is written by
 * the informers' threads.
 */
@NullMarked
package io.hypernetes.identity.rbac;

import org.jspecify.annotations.NullMarked;
