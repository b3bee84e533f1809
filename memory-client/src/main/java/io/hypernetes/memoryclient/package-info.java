/**
 * A client over a map, for the unit tests of controllers.
 *
 * <p>Entry class: {@link io.hypernetes.memoryclient.MemoryClient}. It may be used by many threads.
 */
@NullMarked
package io.hypernetes.memoryclient;

import org.jspecify.annotations.NullMarked;
