/**
 * The kinds of {@code apps}: workloads.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.apps.DeploymentStrategy}. Everything is immutable
 * and may be used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.apps;

import org.jspecify.annotations.NullMarked;
