/**
 * CEL's values: Java's own where they fit, views of Jackson's trees, and a few of ours. Entry
 * class: {@link io.hypernetes.cel.value.JsonValues}. Immutable as long as the tree is left alone.
 */
@NullMarked
package io.hypernetes.cel.value;

import org.jspecify.annotations.NullMarked;
