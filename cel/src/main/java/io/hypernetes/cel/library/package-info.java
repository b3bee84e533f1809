/**
 * The functions of CEL and Kubernetes: a class per library, which declares each function with its
 * types, cost and code. Entry class: {@link io.hypernetes.cel.library.Libraries}. Immutable, for
 * any thread.
 */
@NullMarked
package io.hypernetes.cel.library;

import org.jspecify.annotations.NullMarked;
