/**
 * Measures a whole installation as a user meets it: the start, the memory, a pod's start beside the
 * bare machine's, and the API under load.
 *
 * <p>Entry class: {@link io.hypernetes.bench.Bench}. Client and server share the machine, so the
 * figures of one run are to be compared with each other, not with those of another day.
 */
@NullMarked
package io.hypernetes.bench;

import org.jspecify.annotations.NullMarked;
