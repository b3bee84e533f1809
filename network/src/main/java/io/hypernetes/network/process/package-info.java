/**
 * Short commands and daemons of other people's.
 *
 * <p>Entry classes: {@link io.hypernetes.network.process.Command} and {@link
 * io.hypernetes.network.process.Daemon}. A command may be run by any thread; a daemon is kept by
 * one thread at a time.
 */
@NullMarked
package io.hypernetes.network.process;

import org.jspecify.annotations.NullMarked;
