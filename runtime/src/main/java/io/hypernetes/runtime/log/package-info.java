/**
 * Container output in the files that CRI v1 prescribes.
 *
 * <p>Entry class: {@link io.hypernetes.runtime.log.ContainerLog}, safe for all threads.
 */
@NullMarked
package io.hypernetes.runtime.log;

import org.jspecify.annotations.NullMarked;
