/**
 * A store that forgets everything when it is closed: for tests and throw-away servers.
 *
 * <p>Entry class: {@link io.hypernetes.store.memory.MemoryStore}, safe for many threads.
 */
@NullMarked
package io.hypernetes.store.memory;

import org.jspecify.annotations.NullMarked;
