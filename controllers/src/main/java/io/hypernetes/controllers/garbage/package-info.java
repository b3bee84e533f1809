/**
 * Deletes what belongs to nobody any longer, and keeps owners until what they own is gone or has
 * forgotten them.
 *
 * <p>Entry class: {@link io.hypernetes.controllers.garbage.GarbageCollector}. The change feed's
 * thread keeps the graph; a few workers act on it.
 */
@NullMarked
package io.hypernetes.controllers.garbage;

import org.jspecify.annotations.NullMarked;
