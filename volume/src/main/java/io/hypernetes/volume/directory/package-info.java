/**
 * The built-in volume pool: sparse files under a directory of this machine.
 *
 * <p>Entry class: {@link io.hypernetes.volume.directory.DirectoryPool}, safe for many threads.
 */
@NullMarked
package io.hypernetes.volume.directory;

import org.jspecify.annotations.NullMarked;
