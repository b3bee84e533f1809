/**
 * Kinds of apiregistration.k8s.io: API services.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.BuiltinTypes}. Everything is immutable and may be
 * used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.apiregistration;

import org.jspecify.annotations.NullMarked;
