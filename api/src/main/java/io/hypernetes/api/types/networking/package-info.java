/**
 * Kinds of networking.k8s.io: network policies, ingresses and their classes, service addresses.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.BuiltinTypes}. Everything is immutable and may be
 * used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.networking;

import org.jspecify.annotations.NullMarked;
