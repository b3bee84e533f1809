/**
 * Kinds of flowcontrol.apiserver.k8s.io: flow schemas and priority levels (KEP-1040).
 *
 * <p>Entry class: {@link io.hypernetes.api.types.BuiltinTypes}. Everything is immutable and may be
 * used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.flowcontrol;

import org.jspecify.annotations.NullMarked;
