/**
 * Kubernetes' own controllers, each over all tenants at once.
 *
 * <p>Entry classes: {@link io.hypernetes.controllers.NamespaceController}, {@link
 * io.hypernetes.controllers.ServiceAccountController}. Each is started once and runs its own
 * virtual threads.
 */
@NullMarked
package io.hypernetes.controllers;

import org.jspecify.annotations.NullMarked;
