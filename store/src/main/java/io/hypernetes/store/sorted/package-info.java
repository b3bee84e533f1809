/**
 * An immutable sorted map, whose old versions stay readable at no cost: what consistent lists and
 * reads of the past are made of.
 *
 * <p>Entry class: {@link io.hypernetes.store.sorted.SortedTree}. Immutable, so any thread may read.
 */
@NullMarked
package io.hypernetes.store.sorted;

import org.jspecify.annotations.NullMarked;
