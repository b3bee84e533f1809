/**
 * The kinds of {@code node.k8s.io}.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.node.RuntimeClassStrategy}. Everything is
 * immutable and may be used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.node;

import org.jspecify.annotations.NullMarked;
