/**
 * The types that a schema gives to CEL. Entry class: {@link io.hypernetes.cel.type.DeclaredType}.
 * Immutable, for any thread.
 */
@NullMarked
package io.hypernetes.cel.type;

import org.jspecify.annotations.NullMarked;
