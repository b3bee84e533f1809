/**
 * The program and its commands.
 *
 * <p>Entry class: {@link io.hypernetes.cli.Main}. Each command is a class; a command is one thread.
 * What {@code up} and {@code server} put together is in {@link io.hypernetes.cli.assembly}.
 */
@NullMarked
package io.hypernetes.cli;

import org.jspecify.annotations.NullMarked;
