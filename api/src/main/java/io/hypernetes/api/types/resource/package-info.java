/**
 * Kinds of resource.k8s.io: dynamic resource allocation (KEP-4381).
 *
 * <p>Entry class: {@link io.hypernetes.api.types.BuiltinTypes}. Everything is immutable and may be
 * used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.resource;

import org.jspecify.annotations.NullMarked;
