/**
 * The kinds of {@code batch}: jobs, and jobs by the clock.
 *
 * <p>Entry class: {@link io.hypernetes.api.types.batch.JobStrategy}. Everything is immutable and
 * may be used by any thread; a strategy changes only the tree it is given.
 */
@NullMarked
package io.hypernetes.api.types.batch;

import org.jspecify.annotations.NullMarked;
