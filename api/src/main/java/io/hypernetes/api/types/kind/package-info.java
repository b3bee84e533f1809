/**
 * What the code of a kind is written with: {@link io.hypernetes.api.types.kind.Field} for rules,
 * {@code Trees} for defaults, {@code Columns} for what is printed, and the strategy that all kinds
 * extend.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.kind.KindStrategy}. Everything is immutable and
 * may be used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.kind;

import org.jspecify.annotations.NullMarked;
