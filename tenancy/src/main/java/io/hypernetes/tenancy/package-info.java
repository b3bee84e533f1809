/**
 * Tenants and users as objects: what a new tenant gets, what goes with it, and the RBAC that
 * follows from memberships and from who created what.
 *
 * <p>Entry classes: {@link io.hypernetes.tenancy.SystemWorld}, {@link
 * io.hypernetes.tenancy.TenantController}, {@link io.hypernetes.tenancy.AuthController}, {@link
 * io.hypernetes.tenancy.Users}. Controllers run their own virtual threads; the others may be used
 * by any thread.
 */
@NullMarked
package io.hypernetes.tenancy;

import org.jspecify.annotations.NullMarked;
