/**
 * Kinds of certificates.k8s.io: certificate signing requests.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.BuiltinTypes}. Everything is immutable and may be
 * used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.certificates;

import org.jspecify.annotations.NullMarked;
