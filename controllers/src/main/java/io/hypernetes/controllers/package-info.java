/**
 * Kubernetes' own controllers, each over all tenants at once.
 *
 * <p>Entry classes: {@link io.hypernetes.controllers.NamespaceController}, {@link
 * io.hypernetes.controllers.ServiceAccountController}, {@link
 * io.hypernetes.controllers.QuotaController}, {@link
 * io.hypernetes.controllers.RoleAggregationController}. Each is started once and runs its own
 * virtual threads; those that are about every object read one change feed together.
 */
@NullMarked
package io.hypernetes.controllers;

import org.jspecify.annotations.NullMarked;
