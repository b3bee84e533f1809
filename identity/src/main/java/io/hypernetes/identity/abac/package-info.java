/**
 * Attribute-based access control by a file of policies, one JSON object a line, as Kubernetes had
 * it before RBAC.
 *
 * <p>Entry class: {@link io.hypernetes.identity.abac.AbacAuthorizer}. For any thread.
 */
@NullMarked
package io.hypernetes.identity.abac;

import org.jspecify.annotations.NullMarked;
