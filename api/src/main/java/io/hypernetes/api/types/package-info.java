/**
 * The built-in types: one table of rows, and per kind the defaults, rules and columns that its
 * schema cannot say.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.BuiltinTypes}. Everything is immutable and may be
 * used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types;

import org.jspecify.annotations.NullMarked;
