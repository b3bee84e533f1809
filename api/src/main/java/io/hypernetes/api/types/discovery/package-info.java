/**
 * The kinds of {@code discovery.k8s.io}.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.discovery.EndpointSliceStrategy}. Everything is
 * immutable and may be used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.discovery;

import org.jspecify.annotations.NullMarked;
