/**
 * The kinds of {@code rbac.authorization.k8s.io}.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.rbac.RoleStrategy}. Everything is immutable and
 * may be used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.rbac;

import org.jspecify.annotations.NullMarked;
