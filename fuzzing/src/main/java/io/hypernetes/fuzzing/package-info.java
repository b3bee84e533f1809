/**
 * Feeds parsers with what is nearly right. For tests: each parser of what strangers send has a
 * {@code *FuzzTest} beside it, with its language's seeds and words and the refusals that it may
 * throw.
 *
 * <p>Entry: {@link io.hypernetes.fuzzing.Fuzz}. A run uses one thread of its own; its caller waits
 * and looks after it.
 */
@NullMarked
package io.hypernetes.fuzzing;

import org.jspecify.annotations.NullMarked;
